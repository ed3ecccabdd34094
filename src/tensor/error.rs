//! What a tensor that can't be made says, and what it gives back.

use alloc::vec::Vec;
use core::fmt;

use crate::error::ShapeError;

/// A vector that is too long or too short for a shape; the vector is inside.
///
/// ```
/// use typenet::shape::Chw;
/// use typenet::tensor::Tensor;
///
/// let error = Tensor::<f32, Chw<1, 28, 28>>::from_vec(vec![0.5; 3]).unwrap_err();
/// assert_eq!(error.to_string(), "a tensor of 1×28×28 holds 784 values, but 3 were given");
/// assert_eq!(error.into_vec(), [0.5; 3]);
/// ```
#[derive(Clone, PartialEq)]
pub struct FromVecError<T> {
    error: ShapeError,
    values: Vec<T>,
}

impl<T> FromVecError<T> {
    pub(super) fn new(error: ShapeError, values: Vec<T>) -> Self {
        Self { error, values }
    }

    /// The vector, as it was given.
    pub fn into_vec(self) -> Vec<T> {
        self.values
    }
}

// By hand: the values would fill the screen of whoever unwraps.
impl<T> fmt::Debug for FromVecError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromVecError").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<T> fmt::Display for FromVecError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<T> core::error::Error for FromVecError<T> {}

impl<T> From<FromVecError<T>> for ShapeError {
    fn from(error: FromVecError<T>) -> Self {
        error.error
    }
}
