//! Reading and writing single values, and all of them in order.

use core::ops::{Index, IndexMut};
use core::slice;

use super::{Coordinates, Storage, StorageMut, Tensor};
use crate::shape::Shape;

impl<T, S: Shape, B: Storage<T>> Tensor<T, S, B> {
    /// The values, row-major.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.as_slice().iter()
    }

    /// The values, row-major, to be changed in place.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::Tensor;
    ///
    /// let mut x = Tensor::vector([1.0, 2.0]);
    /// x.iter_mut().for_each(|v| *v *= 2.0);
    /// assert_eq!(x, Tensor::vector([2.0, 4.0]));
    /// ```
    pub fn iter_mut(&mut self) -> slice::IterMut<'_, T>
    where
        B: StorageMut<T>,
    {
        self.as_mut_slice().iter_mut()
    }

    /// The value at `[channel, row, column]` of an image or at a number of a
    /// vector; `None` outside of the shape.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let x = Tensor::image([[[1, 2], [3, 4]]]);
    /// assert_eq!(x.get([0, 1, 0]), Some(&3));
    /// assert_eq!(x.get([0, 0, 2]), None);
    /// ```
    pub fn get(&self, at: S::At) -> Option<&T>
    where
        S: Coordinates,
    {
        self.as_slice().get(self.shape.offset(at)?)
    }

    /// The value at an index, to be changed; `None` outside of the shape.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let mut x = Tensor::vector([1, 2]);
    /// if let Some(last) = x.get_mut(1) {
    ///     *last = 5;
    /// }
    /// assert_eq!(x.as_slice(), [1, 5]);
    /// ```
    pub fn get_mut(&mut self, at: S::At) -> Option<&mut T>
    where
        S: Coordinates,
        B: StorageMut<T>,
    {
        let offset = self.shape.offset(at)?;
        self.as_mut_slice().get_mut(offset)
    }
}

/// `x[[channel, row, column]]` of an image, `x[i]` of a vector.
///
/// # Panics
///
/// The index is outside of the shape; [`Tensor::get`] gives `None` instead.
impl<T, S: Coordinates, B: Storage<T>> Index<S::At> for Tensor<T, S, B> {
    type Output = T;

    #[track_caller]
    fn index(&self, at: S::At) -> &T {
        match self.get(at) {
            Some(value) => value,
            None => outside(&self.shape, at),
        }
    }
}

/// # Panics
///
/// The index is outside of the shape; [`Tensor::get_mut`] gives `None` instead.
impl<T, S: Coordinates, B: StorageMut<T>> IndexMut<S::At> for Tensor<T, S, B> {
    #[track_caller]
    fn index_mut(&mut self, at: S::At) -> &mut T {
        let shape = self.shape;
        match self.get_mut(at) {
            Some(value) => value,
            None => outside(&shape, at),
        }
    }
}

#[cold]
#[track_caller]
#[expect(clippy::panic, reason = "what an index outside of a slice does, too")]
fn outside<S: Coordinates>(shape: &S, at: S::At) -> ! {
    panic!("index {at:?} is outside of a tensor of {}", shape.dims())
}

impl<T, S: Shape, B: Storage<T>> AsRef<[T]> for Tensor<T, S, B> {
    fn as_ref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T, S: Shape, B: StorageMut<T>> AsMut<[T]> for Tensor<T, S, B> {
    fn as_mut(&mut self) -> &mut [T] {
        self.as_mut_slice()
    }
}

impl<'a, T, S: Shape, B: Storage<T>> IntoIterator for &'a Tensor<T, S, B> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T, S: Shape, B: StorageMut<T>> IntoIterator for &'a mut Tensor<T, S, B> {
    type Item = &'a mut T;
    type IntoIter = slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
