//! The plain loops, for what no kernel covers: convolutions with groups of less
//! than a block, weights that are not finite behind a padding, users' layers.
//!
//! Values come in C, H, W order from the scratch memory, are computed as anyone
//! would, and go back. The columns of the innermost loop are contiguous, so LLVM
//! makes vector code of it: some percent of the peak, not some hundredths.

use alloc::vec::Vec;
use core::ops::Range;

use crate::element::Element;
use crate::isa::Simd;
use crate::naive;
use crate::spec::{Call, Dims, Op};

use super::activate::Fused;
use super::conv::ConvSizes;
use super::layout::Form;
use super::memory::Buffer;
use super::pointwise::{Copy, copy};
use super::work::{Facts, Io, Scratch, Work};

/// What the loops do.
pub(crate) enum PlainOp {
    Conv(ConvSizes),
    /// Any other layer, as the naive engine runs it.
    Layer(Op, Dims, Dims),
}

/// A layer in plain loops.
pub(crate) struct Plain<T> {
    pub(crate) op: PlainOp,
    pub(crate) params: Vec<Buffer<T>>,
    pub(crate) input: Form,
    pub(crate) output: Form,
    pub(crate) fused: Fused,
}

/// The scratch memory of plain loops: input and output in C, H, W order.
pub(crate) const fn scratch(input: &Form, output: &Form) -> Scratch {
    Scratch::new(input.plane().len() + output.plane().len(), 1, 1)
}

impl<T: Element> Plain<T> {
    fn compute(&self, input: &[T], output: &mut [T]) {
        match &self.op {
            PlainOp::Conv(sizes) => {
                let bias = self.params.get(1).map(Buffer::as_slice);
                convolve(sizes, input, self.params[0].as_slice(), bias, output);
            }
            PlainOp::Layer(op, input_dims, output_dims) => {
                // On the stack for as many parameters as layers have.
                let mut few: [&[T]; 8] = [&[]; 8];
                let many: Vec<&[T]>;
                let params: &[&[T]] = if self.params.len() <= few.len() {
                    for (to, from) in few.iter_mut().zip(&self.params) {
                        *to = from.as_slice();
                    }
                    &few[..self.params.len()]
                } else {
                    many = self.params.iter().map(Buffer::as_slice).collect();
                    &many
                };
                let (input_dims, output_dims) = (*input_dims, *output_dims);
                naive::run_op(op, Call { input, input_dims, params, output, output_dims });
            }
        }
    }
}

/// The convolution, one output plane at a time; padding is skipped.
fn convolve<T: Element>(
    d: &ConvSizes,
    input: &[T],
    weights: &[T],
    bias: Option<&[T]>,
    output: &mut [T],
) {
    let (inputs, taps) = (d.inputs_per_group(), d.kernel.0 * d.kernel.1);
    let planes = output.chunks_exact_mut((d.output.h * d.output.w).max(1));
    for (o, plane) in planes.enumerate() {
        plane.fill(bias.map_or(T::zero(), |bias| bias[o]));
        let first = o / d.outputs_per_group() * inputs;
        for i in 0..inputs {
            let pixels = &input[(first + i) * d.input.h * d.input.w..][..d.input.h * d.input.w];
            for tap in 0..taps {
                add_tap(d, pixels, weights[(o * inputs + i) * taps + tap], tap, plane);
            }
        }
    }
}

/// Adds one tap's products to a whole output plane.
fn add_tap<T: Element>(d: &ConvSizes, pixels: &[T], weight: T, tap: usize, plane: &mut [T]) {
    let down = (tap / d.kernel.1) * d.dilation.0;
    let along = (tap % d.kernel.1) * d.dilation.1;
    for (y, row) in plane.chunks_exact_mut(d.output.w.max(1)).enumerate() {
        let Some(from) = (y * d.stride.0 + down).checked_sub(d.padding.0) else { continue };
        if from >= d.input.h {
            continue;
        }
        let line = &pixels[from * d.input.w..][..d.input.w];
        for (x, sum) in row.iter_mut().enumerate() {
            let at = (x * d.stride.1 + along).wrapping_sub(d.padding.1);
            if let Some(&value) = line.get(at) {
                *sum = *sum + weight * value;
            }
        }
    }
}

impl<S: Simd> Work<S> for Plain<S::E> {
    unsafe fn run(&self, _s: S, io: &Io<S::E>, _phase: usize, _units: Range<usize>) {
        // SAFETY: inputs are not written during the call.
        let from = unsafe { io.input.as_slice() };
        // SAFETY: the only unit owns the output.
        let to = unsafe { io.output.as_mut_slice() };
        // SAFETY: the scratch is this call's.
        let scratch = unsafe { io.scratch.as_mut_slice() };
        let (inner, outer) = (self.input.plane(), self.output.plane());
        let (input, output) = scratch.split_at_mut(inner.len());
        let output = &mut output[..outer.len()];
        copy(&Copy::whole(self.input, inner), from, input);
        self.compute(input, output);
        if let (Some(form), Some(other)) = (self.fused.addend, io.other) {
            // SAFETY: inputs are not written during the call.
            let other = unsafe { other.as_slice() };
            for (i, value) in output.iter_mut().enumerate() {
                let (c, pixel) = (i / (outer.h * outer.w), i % (outer.h * outer.w));
                let at = form.at(c / form.lanes, pixel / outer.w, pixel % outer.w) + c % form.lanes;
                *value = *value + other[at];
            }
        }
        if let Some(function) = self.fused.activation {
            for value in output.iter_mut() {
                *value = naive::activation(function, *value);
            }
        }
        copy(&Copy::whole(outer, self.output), output, to);
    }

    fn facts(&self) -> Facts {
        let weights: usize = self.params.iter().map(Buffer::len).sum();
        let weight_bytes = weights * size_of::<S::E>();
        Facts { kernel: "plain loops", tile: "1".into(), weight_bytes }
    }
}
