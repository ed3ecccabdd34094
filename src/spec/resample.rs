//! Layers that move pixels about: more of them around the image, between them,
//! or out of the channels.

use super::apply::Applied;
use super::{Dims, Extent, Fault, Zero};

/// Pixels around an image.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pad2d {
    /// Rows above.
    pub top: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns to the left.
    pub left: usize,
    /// Columns to the right.
    pub right: usize,
    /// What they hold.
    pub value: f64,
}

/// How the pixels between pixels are found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resize {
    /// Each is the pixel it is a part of.
    Nearest,
    /// Each lies on the straight lines between its neighbours.
    Bilinear {
        /// Whether the corners' pixels lie on each other, rather than the edges
        /// of the images.
        align_corners: bool,
    },
}

/// An image of a whole multiple of the size.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Upsample {
    /// Rows for one row.
    pub rows: usize,
    /// Columns for one column.
    pub columns: usize,
    /// What is between.
    pub resize: Resize,
}

impl Pad2d {
    pub(super) const fn apply(&self, input: Dims) -> Applied {
        let (c, h, w) = match input {
            Dims::Image { c, h, w } => (c, h, w),
            Dims::Unknown => return (Dims::Unknown, None),
            got => return (Dims::Unknown, Some(Fault::NeedsImage { got })),
        };
        let (h, w) = (grown(h, self.top, self.bottom), grown(w, self.left, self.right));
        match (h, w) {
            (Some(h), Some(w)) => (Dims::Image { c, h, w }, None),
            _ => (Dims::Unknown, Some(Fault::TooLong { dims: Dims::Unknown })),
        }
    }
}

const fn grown(size: Extent, before: usize, after: usize) -> Option<Extent> {
    match (size, before.checked_add(after)) {
        (_, None) => None,
        (Extent::Fixed(n), Some(more)) => match n.checked_add(more) {
            Some(n) => Some(Extent::Fixed(n)),
            None => None,
        },
        (open, Some(_)) => Some(open),
    }
}

impl Upsample {
    pub(super) const fn apply(&self, input: Dims) -> Applied {
        let (c, h, w) = match input {
            Dims::Image { c, h, w } => (c, h, w),
            Dims::Unknown => return (Dims::Unknown, None),
            got => return (Dims::Unknown, Some(Fault::NeedsImage { got })),
        };
        if self.rows == 0 || self.columns == 0 {
            return (Dims::Unknown, Some(Fault::Zero(Zero::Scale)));
        }
        match (times(h, self.rows), times(w, self.columns)) {
            (Some(h), Some(w)) => (Dims::Image { c, h, w }, None),
            _ => (Dims::Unknown, Some(Fault::TooLong { dims: Dims::Unknown })),
        }
    }
}

const fn times(size: Extent, factor: usize) -> Option<Extent> {
    match size {
        Extent::Fixed(n) => match n.checked_mul(factor) {
            Some(n) => Some(Extent::Fixed(n)),
            None => None,
        },
        open => Some(open),
    }
}

/// The channels of each group of `factor`² as the pixels of one.
pub(super) const fn shuffle(factor: usize, input: Dims) -> Applied {
    let (c, h, w) = match input {
        Dims::Image { c, h, w } => (c, h, w),
        Dims::Unknown => return (Dims::Unknown, None),
        got => return (Dims::Unknown, Some(Fault::NeedsImage { got })),
    };
    if factor == 0 {
        return (Dims::Unknown, Some(Fault::Zero(Zero::Scale)));
    }
    let (Some(group), Some(h), Some(w)) =
        (factor.checked_mul(factor), times(h, factor), times(w, factor))
    else {
        return (Dims::Unknown, Some(Fault::TooLong { dims: Dims::Unknown }));
    };
    let output = Dims::Image { c: c / group, h, w };
    let fault =
        if c.is_multiple_of(group) { None } else { Some(Fault::Shuffle { factor, channels: c }) };
    (output, fault)
}
