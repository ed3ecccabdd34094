//! The shape of a tensor in a file.

use core::fmt::{self, Debug, Display, Formatter};

use crate::spec::ParamDims;

/// The shape of a tensor in a file: up to eight sizes, none for a scalar.
///
/// A plain value without a heap behind it, so that a hostile header with
/// millions of sizes costs no memory.
///
/// ```
/// use typenet::weights::TensorShape;
///
/// let shape = TensorShape::new(&[20, 1, 5, 5]).ok_or("more than eight sizes")?;
/// assert_eq!(shape.as_slice(), [20, 1, 5, 5]);
/// assert_eq!(shape.to_string(), "20×1×5×5");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TensorShape {
    sizes: [usize; Self::MAX_RANK],
    rank: usize,
}

impl TensorShape {
    /// The most sizes that a tensor may have.
    ///
    /// ```
    /// use typenet::weights::TensorShape;
    ///
    /// assert!(TensorShape::new(&[1; TensorShape::MAX_RANK + 1]).is_none());
    /// ```
    pub const MAX_RANK: usize = 8;

    /// The shape with these sizes; `None` if they are more than
    /// [`TensorShape::MAX_RANK`].
    ///
    /// ```
    /// use typenet::weights::TensorShape;
    ///
    /// assert_eq!(TensorShape::new(&[]).map(|scalar| scalar.to_string()), Some("scalar".into()));
    /// ```
    pub fn new(sizes: &[usize]) -> Option<Self> {
        let mut shape = Self::default();
        for &size in sizes {
            shape.push(size)?;
        }
        Some(shape)
    }

    /// The sizes, the slowest first.
    ///
    /// ```
    /// use typenet::weights::TensorShape;
    ///
    /// assert_eq!(TensorShape::new(&[10, 500]).unwrap().as_slice(), [10, 500]);
    /// ```
    pub fn as_slice(&self) -> &[usize] {
        self.sizes.get(..self.rank).unwrap_or_default()
    }

    /// Appends a size; `None` if there is no room for it.
    pub(crate) fn push(&mut self, size: usize) -> Option<()> {
        *self.sizes.get_mut(self.rank)? = size;
        self.rank += 1;
        Some(())
    }

    /// The number of values. `None` if the product of the sizes other than 0
    /// overflows: `[0, 2⁶⁴ − 1, 2⁶⁴ − 1]` holds nothing, but whoever multiplies
    /// it out in another order is in for a surprise.
    pub(crate) fn elements(&self) -> Option<u64> {
        let sizes = || self.as_slice().iter().map(|&size| size as u64);
        let product = sizes().filter(|&size| size != 0).try_fold(1_u64, u64::checked_mul)?;
        Some(if sizes().any(|size| size == 0) { 0 } else { product })
    }
}

impl From<ParamDims> for TensorShape {
    fn from(dims: ParamDims) -> Self {
        Self::new(dims.as_slice()).unwrap_or_default()
    }
}

impl PartialEq<ParamDims> for TensorShape {
    fn eq(&self, dims: &ParamDims) -> bool {
        self.as_slice() == dims.as_slice()
    }
}

impl Display for TensorShape {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.as_slice().split_first() else {
            return f.write_str("scalar");
        };
        write!(f, "{first}")?;
        rest.iter().try_for_each(|size| write!(f, "×{size}"))
    }
}

impl Debug for TensorShape {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}
