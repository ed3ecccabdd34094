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

use crate::isa::{Kernel, Simd};
use crate::spec::Dims;

use super::memory::Out;

/// Zeros that an axis of an image may get for each pixel that is read or made along
/// it, and whatever its size.
const EACH: usize = 8;
const FEW: usize = 64;

/// Rows and columns of zeros around an image.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Halo {
    pub(crate) top: usize,
    pub(crate) left: usize,
    pub(crate) bottom: usize,
    pub(crate) right: usize,
}

impl Halo {
    pub(crate) const NONE: Self = Self { top: 0, left: 0, bottom: 0, right: 0 };

    /// Enough for both.
    pub(crate) const fn max(self, other: Self) -> Self {
        Self {
            top: max(self.top, other.top),
            left: max(self.left, other.left),
            bottom: max(self.bottom, other.bottom),
            right: max(self.right, other.right),
        }
    }

    /// Whether these zeros are worth their memory. A padding, a stride and a dilation
    /// that suit each other can be any numbers, however few pixels there are.
    pub(crate) const fn is_small(self, input: &Form, output: &Form) -> bool {
        const fn is_small(before: usize, behind: usize, pixels: usize) -> bool {
            before.saturating_add(behind) <= pixels.saturating_mul(EACH).saturating_add(FEW)
        }
        is_small(self.top, self.bottom, input.h.saturating_add(output.h))
            && is_small(self.left, self.right, input.w.saturating_add(output.w))
    }

    /// Whether there are no zeros around.
    pub(crate) const fn is_none(self) -> bool {
        self.top == 0 && self.left == 0 && self.bottom == 0 && self.right == 0
    }
}

/// The larger one, in const evaluation too.
pub(crate) const fn max(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

/// The smaller one, likewise.
pub(crate) const fn min(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
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
    /// Of no value.
    pub(crate) const EMPTY: Self = Self { c: 0, h: 0, w: 0, lanes: 1, halo: Halo::NONE };

    /// The form of a value of `dims` without halo; sizes that are open count as 0.
    pub(crate) const fn new(dims: Dims, lanes: usize) -> Self {
        let (c, h, w) = match dims {
            Dims::Image { c, h, w } => (c, h.or_zero(), w.or_zero()),
            Dims::Vector(n) => (n.or_zero(), 1, 1),
            Dims::Unknown => (0, 0, 0),
        };
        Self { c, h, w, lanes, halo: Halo::NONE }
    }

    /// The same value in C, H, W order, without a halo.
    pub(crate) const fn plane(&self) -> Self {
        Self { lanes: 1, halo: Halo::NONE, ..*self }
    }

    /// Blocks of channels.
    pub(crate) const fn blocks(&self) -> usize {
        self.c.div_ceil(self.lanes)
    }

    /// From a row to the next.
    pub(crate) const fn row(&self) -> usize {
        (self.w + self.halo.left + self.halo.right) * self.lanes
    }

    /// From a block to the next.
    pub(crate) const fn block(&self) -> usize {
        (self.h + self.halo.top + self.halo.bottom) * self.row()
    }

    /// Numbers in all.
    pub(crate) const fn len(&self) -> usize {
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
    pub(crate) const fn is_bare(&self) -> bool {
        self.halo.is_none()
    }

    /// Writes zeros around each block of `values`, which has this form.
    ///
    /// # Safety
    ///
    /// The memory is alive, and nobody else uses the halo now.
    pub(crate) unsafe fn clear_halo<S: Simd>(&self, s: S, values: Out<S::E>) {
        // SAFETY: handed on to the caller.
        unsafe { s.enter(&Clear { form: self, values }) }
    }
}

/// The halo of a value, to be cleared. (As vectors: most stretches are a few numbers, for
/// which a `memset` takes longer to be called than to run.)
struct Clear<'a, T> {
    form: &'a Form,
    values: Out<T>,
}

impl<S: Simd> Kernel<S> for Clear<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let form = self.form;
        let (row, halo) = (form.row(), form.halo);
        let clear = |at: usize, len: usize| {
            for i in (0..len).step_by(S::LANES) {
                let count = (len - i).min(S::LANES);
                // SAFETY: within the value, and in its halo: the caller's promise.
                unsafe { self.values.store_part(s, at + i, count, s.zero()) }
            }
        };
        for block in 0..form.blocks() {
            // The zeros behind a row and those in front of the next lie together.
            let start = block * form.block();
            clear(start, halo.top * row + halo.left * form.lanes);
            let between = (halo.left + halo.right) * form.lanes;
            for y in 1..form.h {
                clear(start + (halo.top + y) * row - halo.right * form.lanes, between);
            }
            let end = start + (halo.top + form.h) * row - halo.right * form.lanes;
            clear(end, halo.right * form.lanes + halo.bottom * row);
        }
    }
}
