//! What is left over when everything fusible is fused: sums and activations by
//! themselves, softmax, and copies from one form to another.
//!
//! A copy is a conversion at the border of the network, a side of a
//! concatenation, or a flattening. Between layers there is none.

use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::activate::{self, End, Fused};
use super::layout::Form;
use super::memory::{Buffer, In};
use super::work::{Facts, Io, Work};

/// input + addend, then an activation: whichever of both `fused` asks for.
pub(crate) struct Pointwise {
    pub(crate) input: Form,
    pub(crate) output: Form,
    pub(crate) fused: Fused,
}

struct Rows<'a, T> {
    of: &'a Pointwise,
    io: Io<T>,
    block: usize,
}

impl<S: Simd> Kernel<S> for Rows<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let of = self.of;
        let end = End::new(s, &self.io, of.output, &of.fused);
        for y in 0..of.output.h {
            for x in 0..of.output.w {
                let at = of.input.at(self.block, y, x);
                // SAFETY: the input has the output's pixels.
                let value = unsafe { self.io.input.load(s, at) };
                // SAFETY: the pixel exists.
                unsafe { end.store(s, (self.block, y, x), value) }
            }
            if let Some(function) = of.fused.longer() {
                let at = of.output.at(self.block, y, 0);
                // SAFETY: the row exists.
                unsafe { activate::apply(s, function, self.io.output, at, of.output.w) }
            }
        }
    }
}

impl<S: Simd> Work<S> for Pointwise {
    fn units(&self, _phase: usize) -> usize {
        self.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        for block in units {
            // SAFETY: handed on to the caller; each unit is another block.
            unsafe { s.enter(&Rows { of: self, io: *io, block }) }
        }
    }

    fn facts(&self) -> Facts {
        Facts { kernel: "pointwise", tile: "1".into(), weight_bytes: 0 }
    }
}

/// x, or weight·x below 0, the weight being the channel's.
pub(crate) struct PRelu<T> {
    pub(crate) input: Form,
    pub(crate) output: Form,
    /// One for each channel, in whole blocks.
    pub(crate) weights: Buffer<T>,
}

struct PReluBlock<'a, T> {
    of: &'a PRelu<T>,
    io: Io<T>,
    block: usize,
}

impl<S: Simd> Kernel<S> for PReluBlock<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let of = self.of;
        // SAFETY: there are weights for each block.
        let weight = unsafe { In::new(of.weights.as_slice()).load(s, self.block * S::LANES) };
        for y in 0..of.output.h {
            for x in 0..of.output.w {
                // SAFETY: the input has the output's pixels.
                let value = unsafe { self.io.input.load(s, of.input.at(self.block, y, x)) };
                let value = s.if_negative(value, s.mul(weight, value), value);
                // SAFETY: the pixel exists.
                unsafe { self.io.output.store(s, of.output.at(self.block, y, x), value) }
            }
        }
    }
}

impl<S: Simd> Work<S> for PRelu<S::E> {
    fn units(&self, _phase: usize) -> usize {
        self.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        for block in units {
            // SAFETY: handed on to the caller; each unit is another block.
            unsafe { s.enter(&PReluBlock { of: self, io: *io, block }) }
        }
    }

    fn facts(&self) -> Facts {
        Facts {
            kernel: "prelu",
            tile: "1".into(),
            weight_bytes: self.weights.len() * size_of::<S::E>(),
        }
    }
}

/// input · factor, then bounds if asked for. A factor of one row or one column
/// has that one for all.
pub(crate) struct Product {
    pub(crate) input: Form,
    pub(crate) factor: Form,
    pub(crate) output: Form,
    pub(crate) fused: Fused,
}

struct ProductBlock<'a, T> {
    of: &'a Product,
    io: Io<T>,
    factor: In<T>,
    block: usize,
}

impl<S: Simd> Kernel<S> for ProductBlock<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let (of, block) = (self.of, self.block);
        let end = End::new(s, &self.io, of.output, &of.fused);
        for y in 0..of.output.h {
            for x in 0..of.output.w {
                let own = (y.min(of.factor.h - 1), x.min(of.factor.w - 1));
                // SAFETY: the factor has this pixel, or one for all.
                let factor = unsafe { self.factor.load(s, of.factor.at(block, own.0, own.1)) };
                // SAFETY: the input has the output's pixels.
                let value = unsafe { self.io.input.load(s, of.input.at(block, y, x)) };
                let product = s.mul(value, factor);
                // SAFETY: the pixel exists.
                unsafe { end.store(s, (block, y, x), product) }
            }
        }
    }
}

impl<S: Simd> Work<S> for Product {
    fn units(&self, _phase: usize) -> usize {
        self.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        let Some(factor) = io.other else { return };
        for block in units {
            // SAFETY: handed on to the caller; each unit is another block.
            unsafe { s.enter(&ProductBlock { of: self, io: *io, factor, block }) }
        }
    }

    fn facts(&self) -> Facts {
        Facts { kernel: "product", tile: "1".into(), weight_bytes: 0 }
    }
}

/// exp(x − max) / Σ exp(x − max) over the channels of each pixel.
pub(crate) struct Softmax {
    pub(crate) input: Form,
    pub(crate) output: Form,
}

impl Softmax {
    fn pixel<T: Element>(&self, from: &[T], to: &mut [T], y: usize, x: usize) {
        let at = |form: &Form, c: usize| form.at(c / form.lanes, y, x) + c % form.lanes;
        let mut max = T::neg_infinity();
        for c in 0..self.input.c {
            let value = from[at(&self.input, c)];
            if value > max || value.is_nan() {
                max = value;
            }
        }
        let mut sum = T::zero();
        for c in 0..self.input.c {
            let e = (from[at(&self.input, c)] - max).exp();
            to[at(&self.output, c)] = e;
            sum = sum + e;
        }
        for c in 0..self.input.c {
            let value = &mut to[at(&self.output, c)];
            *value = *value / sum;
        }
    }
}

impl<S: Simd> Work<S> for Softmax {
    unsafe fn run(&self, _s: S, io: &Io<S::E>, _phase: usize, _units: Range<usize>) {
        // SAFETY: inputs are not written during the call.
        let from = unsafe { io.input.as_slice() };
        // SAFETY: the only unit owns the output.
        let to = unsafe { io.output.as_mut_slice() };
        for y in 0..self.output.h {
            for x in 0..self.output.w {
                self.pixel(from, to, y, x);
            }
        }
    }

    fn facts(&self) -> Facts {
        Facts { kernel: "softmax", tile: "1".into(), weight_bytes: 0 }
    }
}

/// A value in another form: blocks from planes, planes from blocks, another
/// halo, some channels further on.
pub(crate) struct Copy {
    pub(crate) input: Form,
    pub(crate) output: Form,
    /// The channel of the output that the first one of the input becomes.
    pub(crate) first: usize,
    /// Numbers in front of the output's form.
    pub(crate) shift: usize,
}

impl Copy {
    /// The whole of a value in another form.
    pub(crate) fn whole(input: Form, output: Form) -> Self {
        Self { input, output, first: 0, shift: 0 }
    }
}

impl Copy {
    /// Whether the numbers of a row lie in the same order here and there.
    const fn rows_are_the_same(&self) -> bool {
        self.input.lanes == self.output.lanes && self.first.is_multiple_of(self.output.lanes)
    }

    /// Copies one row of an input block or plane.
    fn row<T: Element>(&self, from: &[T], to: &mut [T], block: usize, y: usize) {
        let (input, output) = (&self.input, &self.output);
        let (a, b) = (input.lanes, output.lanes);
        let row = &from[input.at(block, y, 0)..][..input.w * a];
        if self.rows_are_the_same() {
            let at = output.at(block + self.first / b, y, 0);
            to[at..at + row.len()].copy_from_slice(row);
            return;
        }
        for lane in 0..a.min(input.c - block * a) {
            let channel = self.first + block * a + lane;
            let at = output.at(channel / b, y, 0) + channel % b;
            let values = row[lane..].iter().step_by(a);
            for (to, &value) in to[at..].iter_mut().step_by(b).zip(values) {
                *to = value;
            }
        }
    }
}

/// Copies the numbers of `from` in the form `input` to `to` in the form `output`.
pub(crate) fn copy<T: Element>(copy: &Copy, from: &[T], to: &mut [T]) {
    let to = &mut to[copy.shift..];
    for block in 0..copy.input.blocks() {
        for y in 0..copy.input.h {
            copy.row(from, to, block, y);
        }
    }
}

/// A copy whose rows stay as they are, vector by vector: a row of a small image takes a
/// `memcpy` longer to be called than to run.
struct SameRows<'a, T> {
    of: &'a Copy,
    io: Io<T>,
}

impl<S: Simd> Kernel<S> for SameRows<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let Copy { input, output, first, shift } = self.of;
        let len = input.w * input.lanes;
        for block in 0..input.blocks() {
            for y in 0..input.h {
                let from = input.at(block, y, 0);
                let to = shift + output.at(block + first / output.lanes, y, 0);
                for i in (0..len).step_by(S::LANES) {
                    let count = (len - i).min(S::LANES);
                    // SAFETY: the input has its rows.
                    let values = unsafe { self.io.input.load_part(s, from + i, count) };
                    // SAFETY: and the output has room for them.
                    unsafe { self.io.output.store_part(s, to + i, count, values) }
                }
            }
        }
    }
}

impl<S: Simd> Work<S> for Copy {
    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, _units: Range<usize>) {
        if self.rows_are_the_same() {
            // SAFETY: handed on to the caller.
            return unsafe { s.enter(&SameRows { of: self, io: *io }) };
        }
        // SAFETY: inputs are not written during the call.
        let from = unsafe { io.input.as_slice() };
        // SAFETY: the only unit owns the output.
        let to = unsafe { io.output.as_mut_slice() };
        copy(self, from, to);
    }

    fn facts(&self) -> Facts {
        let kernel = match (self.input.lanes, self.output.lanes) {
            (1, 2..) => "to blocks",
            (2.., 1) => "from blocks",
            _ => "copy",
        };
        Facts { kernel, tile: "row".into(), weight_bytes: 0 }
    }
}
