//! How a value lies in memory: channels in blocks, pixels around, a halo.
//!
//! ```text
//! [block of channels][row, halo included][column, halo included][channel of the block]
//! ```
//!
//! A block has as many channels as a vector has lanes; the lanes behind the last
//! channel hold whatever comes out there and are never read into a result. With
//! one channel a block this is plain C, H, W order, the form of the network's
//! own input and output. A vector of n features is n channels of one pixel: its
//! blocks are contiguous, so it is flat.
//!
//! The halo is the zero padding that the readers of the value want: a
//! convolution then has no edges. It is written once, when the value is.

use crate::element::Element;
use crate::spec::{Dims, Extent};

use super::memory::Out;

/// Rows and columns of zeros around an image.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Halo {
    pub(crate) top: usize,
    pub(crate) left: usize,
    pub(crate) bottom: usize,
    pub(crate) right: usize,
}

impl Halo {
    /// Enough for both.
    pub(crate) fn max(self, other: Self) -> Self {
        Self {
            top: self.top.max(other.top),
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.max(other.right),
        }
    }
}

/// The form of one value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Form {
    /// Channels, or features of a vector.
    pub(crate) c: usize,
    /// Height; 1 for a vector.
    pub(crate) h: usize,
    /// Width; 1 for a vector.
    pub(crate) w: usize,
    /// Channels of a block.
    pub(crate) lanes: usize,
    /// The zeros around.
    pub(crate) halo: Halo,
}

impl Form {
    /// The form of a value of `dims` without halo; `None` if a size is open.
    pub(crate) fn new(dims: Dims, lanes: usize) -> Option<Self> {
        let (c, h, w) = match dims {
            Dims::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) } => (c, h, w),
            Dims::Vector(Extent::Fixed(n)) => (n, 1, 1),
            _ => return None,
        };
        Some(Self { c, h, w, lanes, halo: Halo::default() })
    }

    /// Blocks of channels.
    pub(crate) fn blocks(&self) -> usize {
        self.c.div_ceil(self.lanes)
    }

    /// From a row to the next.
    pub(crate) fn row(&self) -> usize {
        (self.w + self.halo.left + self.halo.right) * self.lanes
    }

    /// From a block to the next.
    pub(crate) fn block(&self) -> usize {
        (self.h + self.halo.top + self.halo.bottom) * self.row()
    }

    /// Numbers in all.
    pub(crate) fn len(&self) -> usize {
        self.blocks() * self.block()
    }

    /// Where a pixel of a block starts.
    pub(crate) fn at(&self, block: usize, y: usize, x: usize) -> usize {
        block * self.block() + (y + self.halo.top) * self.row() + (x + self.halo.left) * self.lanes
    }

    /// Where the padding of a reader starts that pads by `top` and `left`.
    pub(crate) fn padded_at(&self, block: usize, top: usize, left: usize) -> usize {
        debug_assert!(top <= self.halo.top && left <= self.halo.left);
        block * self.block()
            + (self.halo.top - top) * self.row()
            + (self.halo.left - left) * self.lanes
    }

    /// Whether there are no zeros around.
    pub(crate) fn is_bare(&self) -> bool {
        self.halo == Halo::default()
    }

    /// Writes zeros around each block of `values`, which has this form.
    ///
    /// # Safety
    ///
    /// The memory is alive, and nobody else uses the halo now.
    pub(crate) unsafe fn clear_halo<T: Element>(&self, values: Out<T>) {
        let (row, halo) = (self.row(), self.halo);
        let clear = |at: usize, len: usize| {
            // SAFETY: within the value, and in its halo: the caller's promise.
            unsafe { values.part(at, len).as_mut_slice() }.fill(T::zero());
        };
        for block in 0..self.blocks() {
            // The zeros behind a row and those in front of the next lie together.
            let start = block * self.block();
            clear(start, halo.top * row + halo.left * self.lanes);
            let between = (halo.left + halo.right) * self.lanes;
            for y in 1..self.h {
                clear(start + (halo.top + y) * row - halo.right * self.lanes, between);
            }
            let end = start + (halo.top + self.h) * row - halo.right * self.lanes;
            clear(end, halo.right * self.lanes + halo.bottom * row);
        }
    }
}
