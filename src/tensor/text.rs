//! Tensors in debug output: the shape and the first values, however many there are.

use core::fmt;

use super::{Storage, Tensor};
use crate::shape::Shape;

/// How many values are shown: about a line of them.
const SHOWN: usize = 8;

/// ```
/// use typenet::shape::Chw;
/// use typenet::tensor::Tensor;
///
/// let x = Tensor::<f32, Chw<3, 224, 224>>::zeros();
/// let text = format!("{x:?}");
/// assert_eq!(
///     text,
///     "Tensor 3×224×224 [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, … and 150520 more]"
/// );
/// ```
impl<T: fmt::Debug, S: Shape, B: Storage<T>> fmt::Debug for Tensor<T, S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor {} [", self.dims())?;
        for (i, value) in self.iter().take(SHOWN).enumerate() {
            f.write_str(if i == 0 { "" } else { ", " })?;
            value.fmt(f)?;
        }
        match self.len().saturating_sub(SHOWN) {
            0 => f.write_str("]"),
            more => write!(f, ", … and {more} more]"),
        }
    }
}
