//! Making tensors on the heap, which is what a tensor is unless it says more.
//!
//! These are for [`Heap`] alone, so that `Tensor::zeros()` needs no annotation
//! where any storage would do; `build_in` has the same for every owned storage.
//!
//! Shapes that types fix need only values; shapes known at run time come as a
//! value (`…with_shape`), and whatever is made for them can fail for want of
//! memory, with an error instead of an abort.

use alloc::vec::Vec;

use super::fit::check_len;
use super::{Coordinates, FromVecError, Heap, Tensor};
use crate::error::ShapeError;
use crate::shape::{Chw, FixedShape, Shape, Vector};

impl<T, S: FixedShape> Tensor<T, S> {
    /// The tensor with these values, row-major; the vector is taken as it is.
    ///
    /// # Errors
    ///
    /// The vector is longer or shorter than the shape says; the error
    /// [gives it back](FromVecError::into_vec).
    ///
    /// ```
    /// use typenet::shape::Chw;
    /// use typenet::tensor::Tensor;
    ///
    /// let x = Tensor::<f32, Chw<1, 28, 28>>::from_vec(vec![0.0; 784])?;
    /// assert_eq!(x.len(), 784);
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn from_vec(values: Vec<T>) -> Result<Self, FromVecError<T>> {
        Self::with_shape(S::default(), values)
    }

    /// A tensor of zeros (`T::default()`).
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::Tensor;
    ///
    /// assert_eq!(Tensor::<f64, Vector<3>>::zeros().as_slice(), [0.0; 3]);
    /// ```
    pub fn zeros() -> Self
    where
        T: Clone + Default,
    {
        Self::default()
    }

    /// The tensor whose value at each index is `value(index)`: `[c, y, x]` in an
    /// image, a number in a vector.
    ///
    /// ```
    /// use typenet::shape::{Chw, Vector};
    /// use typenet::tensor::Tensor;
    ///
    /// let ramp = Tensor::<f32, Chw<1, 2, 3>>::from_fn(|[_, _, x]| x as f32);
    /// assert_eq!(ramp.as_slice(), [0.0, 1.0, 2.0, 0.0, 1.0, 2.0]);
    /// let squares = Tensor::<_, Vector<4>>::from_fn(|i| i * i);
    /// assert_eq!(squares.as_slice(), [0, 1, 4, 9]);
    /// ```
    pub fn from_fn(value: impl FnMut(S::At) -> T) -> Self
    where
        S: Coordinates,
    {
        Self::from_fn_in(value)
    }

    /// A copy of these values, row-major.
    ///
    /// # Errors
    ///
    /// The slice is longer or shorter than the shape says.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::Tensor;
    ///
    /// let error = Tensor::<f32, Vector<2>>::from_slice(&[1.0, 2.0, 3.0]).unwrap_err();
    /// assert_eq!(error.to_string(), "a tensor of 2 values can't be made of 3");
    /// ```
    pub fn from_slice(values: &[T]) -> Result<Self, ShapeError>
    where
        T: Clone,
    {
        Self::from_slice_in(values)
    }

    /// The tensor of all that the iterator yields, row-major.
    ///
    /// # Errors
    ///
    /// There are more values or fewer than the shape says. Of an endless
    /// iterator no more than one value too many is taken.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::Tensor;
    ///
    /// let bytes = [0_u8, 255];
    /// let x = Tensor::<f32, Vector<2>>::try_from_iter(bytes.iter().map(|&b| f32::from(b) / 255.0))?;
    /// assert_eq!(x.as_slice(), [0.0, 1.0]);
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn try_from_iter(values: impl IntoIterator<Item = T>) -> Result<Self, ShapeError> {
        Self::try_from_iter_in(values)
    }
}

impl<T, S: Shape> Tensor<T, S> {
    /// A tensor whose length is known to be right: what the engines return.
    pub(crate) fn from_parts(shape: S, values: Vec<T>) -> Self {
        Self::checked(shape, Heap(values))
    }

    /// The tensor of this shape with these values, row-major.
    ///
    /// # Errors
    ///
    /// The vector is longer or shorter than the shape says; the error
    /// [gives it back](FromVecError::into_vec).
    ///
    /// ```
    /// use typenet::shape::DynVector;
    /// use typenet::tensor::Tensor;
    ///
    /// let x = Tensor::with_shape(DynVector { len: 3 }, vec![1.0, 2.0, 3.0])?;
    /// assert_eq!(x[2], 3.0);
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn with_shape(shape: S, values: Vec<T>) -> Result<Self, FromVecError<T>> {
        match check_len(shape.dims(), values.len()) {
            Ok(()) => Ok(Self::from_parts(shape, values)),
            Err(error) => Err(FromVecError::new(error, values)),
        }
    }

    /// A tensor of this shape, all zeros (`T::default()`).
    ///
    /// # Errors
    ///
    /// There is not the memory for so many values.
    ///
    /// ```
    /// use typenet::shape::DynChw;
    /// use typenet::tensor::Tensor;
    ///
    /// let endless = DynChw::<3> { height: usize::MAX, width: usize::MAX };
    /// let error = Tensor::<f32, _>::zeros_with_shape(endless).unwrap_err();
    /// assert!(error.to_string().ends_with("does not fit into memory"));
    /// ```
    pub fn zeros_with_shape(shape: S) -> Result<Self, ShapeError>
    where
        T: Default,
    {
        Self::try_generate(shape, |_| T::default())
    }

    /// The tensor of this shape whose value at each index is `value(index)`:
    /// `[c, y, x]` in an image, a number in a vector.
    ///
    /// # Errors
    ///
    /// There is not the memory for so many values.
    ///
    /// ```
    /// use typenet::shape::DynChw;
    /// use typenet::tensor::Tensor;
    ///
    /// let shape = DynChw::<1> { height: 2, width: 2 };
    /// let x = Tensor::from_fn_with_shape(shape, |[_, y, x]| 10 * y + x)?;
    /// assert_eq!(x.as_slice(), [0, 1, 10, 11]);
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn from_fn_with_shape(shape: S, value: impl FnMut(S::At) -> T) -> Result<Self, ShapeError>
    where
        S: Coordinates,
    {
        Self::from_fn_with_shape_in(shape, value)
    }

    /// The values, row-major: the vector that the tensor was made of.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// assert_eq!(Tensor::vector([1, 2]).into_vec(), vec![1, 2]);
    /// ```
    pub fn into_vec(self) -> Vec<T> {
        self.values.0
    }
}

impl<T, const N: usize> Tensor<T, Vector<N>> {
    /// The vector with these values; its length is the array's.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::Tensor;
    ///
    /// let x: Tensor<f64, Vector<3>> = Tensor::vector([0.5, 1.0, 1.5]);
    /// assert_eq!(x[1], 1.0);
    /// ```
    pub fn vector(values: [T; N]) -> Self {
        Self::from_parts(Vector, values.into())
    }
}

impl<T, const C: usize, const H: usize, const W: usize> Tensor<T, Chw<C, H, W>> {
    /// The image with these channels of rows; its sizes are the arrays'.
    ///
    /// For small images, written down: an array is on the stack, so read large
    /// ones into a vector.
    ///
    /// ```
    /// use typenet::shape::Chw;
    /// use typenet::tensor::Tensor;
    ///
    /// let x: Tensor<u8, Chw<1, 2, 3>> = Tensor::image([[[1, 2, 3], [4, 5, 6]]]);
    /// assert_eq!(x[[0, 1, 2]], 6);
    /// ```
    pub fn image(values: [[[T; W]; H]; C]) -> Self {
        Self::from_parts(Chw, values.into_iter().flatten().flatten().collect())
    }
}
