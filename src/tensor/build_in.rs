//! Making tensors in whatever storage their type names (`…_in`): the bodies of
//! the constructors in `build`, and the way to make inline tensors.

use super::fit::{assert_fits, check_len, no_room, too_many};
use super::{Coordinates, OwnedStorage, Tensor};
use crate::error::ShapeError;
use crate::shape::{FixedShape, Shape};

impl<T, S: FixedShape, B: OwnedStorage<T>> Tensor<T, S, B> {
    /// As [`from_fn`](Tensor::from_fn), in the storage that the type names.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::InlineTensor;
    /// use typenet::tensor::typenum::U3;
    ///
    /// let x = InlineTensor::<_, Vector<3>, U3>::from_fn_in(|i| 10 * i);
    /// assert_eq!(x.as_slice(), [0, 10, 20]);
    /// ```
    pub fn from_fn_in(mut value: impl FnMut(S::At) -> T) -> Self
    where
        S: Coordinates,
    {
        const { assert_fits::<T, S, B>() }
        let shape = S::default();
        Self::checked(shape, B::generate(S::LEN, |i| value(shape.coordinates(i))))
    }

    /// As [`from_slice`](Tensor::from_slice), in the storage that the type names.
    ///
    /// # Errors
    ///
    /// The slice is longer or shorter than the shape says.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::InlineTensor;
    /// use typenet::tensor::typenum::U3;
    ///
    /// let x = InlineTensor::<f32, Vector<3>, U3>::from_slice_in(&[0.0, 1.0, 2.0])?;
    /// assert_eq!(x[2], 2.0);
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn from_slice_in(values: &[T]) -> Result<Self, ShapeError>
    where
        T: Clone,
    {
        const { assert_fits::<T, S, B>() }
        check_len(S::DIMS, values.len())?;
        Ok(Self::checked(S::default(), B::copied(values)))
    }

    /// As [`try_from_iter`](Tensor::try_from_iter), in the storage that the type
    /// names.
    ///
    /// # Errors
    ///
    /// There are more values or fewer than the shape says.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::InlineTensor;
    /// use typenet::tensor::typenum::U3;
    ///
    /// assert!(InlineTensor::<_, Vector<3>, U3>::try_from_iter_in(1..=3).is_ok());
    /// assert!(InlineTensor::<_, Vector<3>, U3>::try_from_iter_in(1..=4).is_err());
    /// ```
    pub fn try_from_iter_in(values: impl IntoIterator<Item = T>) -> Result<Self, ShapeError> {
        const { assert_fits::<T, S, B>() }
        let mut values = values.into_iter();
        let taken =
            B::collect(S::LEN, &mut values).map_err(|fewer| ShapeError::length(S::DIMS, fewer))?;
        match values.next() {
            None => Ok(Self::checked(S::default(), taken)),
            Some(_) => Err(too_many(S::DIMS, S::LEN)),
        }
    }
}

impl<T, S: Shape, B: OwnedStorage<T>> Tensor<T, S, B> {
    /// As [`from_fn_with_shape`](Tensor::from_fn_with_shape), in the storage that
    /// the type names.
    ///
    /// # Errors
    ///
    /// There is not the memory for so many values, or they are not the number
    /// that an inline storage has.
    ///
    /// ```
    /// use typenet::shape::DynVector;
    /// use typenet::tensor::InlineTensor;
    /// use typenet::tensor::typenum::U3;
    ///
    /// type Three = InlineTensor<usize, DynVector, U3>;
    /// assert!(Three::from_fn_with_shape_in(DynVector { len: 3 }, |i| i).is_ok());
    /// assert!(Three::from_fn_with_shape_in(DynVector { len: 4 }, |i| i).is_err());
    /// ```
    pub fn from_fn_with_shape_in(
        shape: S,
        mut value: impl FnMut(S::At) -> T,
    ) -> Result<Self, ShapeError>
    where
        S: Coordinates,
    {
        Self::try_generate(shape, |i| value(shape.coordinates(i)))
    }

    /// The tensor of these values by position, if there is room for them.
    pub(super) fn try_generate(shape: S, make: impl FnMut(usize) -> T) -> Result<Self, ShapeError> {
        let len = shape.dims().elements();
        match len.and_then(|len| B::try_generate(len, make)) {
            Some(values) => Ok(Self::checked(shape, values)),
            None => Err(no_room(shape.dims(), B::LEN)),
        }
    }
}

/// Zeros (`T::default()`), in the storage that the type names.
///
/// ```
/// use typenet::shape::Vector;
/// use typenet::tensor::InlineTensor;
/// use typenet::tensor::typenum::U3;
///
/// assert_eq!(InlineTensor::<f32, Vector<3>, U3>::default().as_slice(), [0.0; 3]);
/// ```
impl<T: Clone + Default, S: FixedShape, B: OwnedStorage<T>> Default for Tensor<T, S, B> {
    fn default() -> Self {
        const { assert_fits::<T, S, B>() }
        Self::checked(S::default(), B::filled(S::LEN, T::default()))
    }
}
