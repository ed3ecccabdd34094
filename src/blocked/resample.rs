//! Larger images: pixels between pixels, and pixels around.

use alloc::vec::Vec;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};
use crate::naive;
use crate::spec::{Pad2d, Resize, Upsample};

use super::layout::Form;
use super::work::{Facts, Io, Work};

/// Two pixels of an axis with their weights.
type Between = [(usize, f64); 2];

/// An image of a whole multiple of the size, as the naive engine defines it.
pub(crate) struct Enlarge {
    input: Form,
    output: Form,
    nearest: bool,
    /// What each row and column of the output lies between.
    rows: Vec<Between>,
    columns: Vec<Between>,
}

impl Enlarge {
    pub(crate) fn new(upsample: &Upsample, input: Form, output: Form) -> Self {
        let axis = |factor: usize, from: usize, to: usize| -> Vec<Between> {
            (0..to).map(|at| naive::neighbours(upsample.resize, at, factor, from)).collect()
        };
        Self {
            input,
            output,
            nearest: matches!(upsample.resize, Resize::Nearest),
            rows: axis(upsample.rows, input.h, output.h),
            columns: axis(upsample.columns, input.w, output.w),
        }
    }
}

struct EnlargeBlock<'a, T> {
    of: &'a Enlarge,
    io: Io<T>,
    block: usize,
}

impl<S: Simd> Kernel<S> for EnlargeBlock<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let of = self.of;
        for (y, rows) in of.rows.iter().enumerate() {
            for (x, columns) in of.columns.iter().enumerate() {
                // SAFETY: the neighbours are pixels of the input.
                let value = unsafe { self.pixel(s, rows, columns) };
                // SAFETY: the pixel exists.
                unsafe { self.io.output.store(s, of.output.at(self.block, y, x), value) }
            }
        }
    }
}

impl<T: Element> EnlargeBlock<'_, T> {
    /// # Safety
    ///
    /// The neighbours are pixels of the input.
    #[inline(always)]
    unsafe fn pixel<S: Simd<E = T>>(&self, s: S, rows: &Between, columns: &Between) -> S::V {
        let at = |row, column| self.of.input.at(self.block, row, column);
        if self.of.nearest {
            // SAFETY: a pixel of the input.
            return unsafe { self.io.input.load(s, at(rows[0].0, columns[0].0)) };
        }
        let mut sum = s.zero();
        for (row, down) in rows {
            for (column, along) in columns {
                // A pixel without weight may be infinite.
                if *down > 0.0 && *along > 0.0 {
                    // SAFETY: a pixel of the input.
                    let pixel = unsafe { self.io.input.load(s, at(*row, *column)) };
                    let weight = s.splat(T::from_double(down * along));
                    sum = s.add(sum, s.mul(weight, pixel));
                }
            }
        }
        sum
    }
}

impl<S: Simd> Work<S> for Enlarge {
    fn units(&self, _phase: usize) -> usize {
        self.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        for block in units {
            // SAFETY: handed on to the caller; each unit is another block.
            unsafe { s.enter(&EnlargeBlock { of: self, io: *io, block }) }
        }
    }

    fn facts(&self) -> Facts {
        let kernel = if self.nearest { "nearest" } else { "bilinear" };
        Facts { kernel, tile: "1".into(), weight_bytes: 0 }
    }
}

/// Pixels around an image.
pub(crate) struct Frame {
    pub(crate) pad: Pad2d,
    pub(crate) input: Form,
    pub(crate) output: Form,
}

struct FrameBlock<'a, T> {
    of: &'a Frame,
    io: Io<T>,
    block: usize,
}

impl<S: Simd> Kernel<S> for FrameBlock<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let Frame { pad, input, output } = self.of;
        let around = s.splat(S::E::from_double(pad.value));
        for y in 0..output.h {
            for x in 0..output.w {
                let (row, column) = (y.wrapping_sub(pad.top), x.wrapping_sub(pad.left));
                let value = if row < input.h && column < input.w {
                    // SAFETY: a pixel of the input.
                    unsafe { self.io.input.load(s, input.at(self.block, row, column)) }
                } else {
                    around
                };
                // SAFETY: the pixel exists.
                unsafe { self.io.output.store(s, output.at(self.block, y, x), value) }
            }
        }
    }
}

impl<S: Simd> Work<S> for Frame {
    fn units(&self, _phase: usize) -> usize {
        self.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        for block in units {
            // SAFETY: handed on to the caller; each unit is another block.
            unsafe { s.enter(&FrameBlock { of: self, io: *io, block }) }
        }
    }

    fn facts(&self) -> Facts {
        Facts { kernel: "pad", tile: "1".into(), weight_bytes: 0 }
    }
}
