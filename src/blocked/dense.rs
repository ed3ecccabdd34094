//! Fully connected: each weight is used once, so all there is to win is reading
//! them at the speed of memory.
//!
//! One stream of reads does not reach it: 15 GB/s where eight or more side by
//! side reach 19.5 (each has its own prefetcher state, and misses overlap). So
//! eight blocks of outputs run at once, each a stream of its own:
//!
//! ```text
//! weights: [block of outputs][input][output of the block]
//! for each input:  x = broadcast;  sum[b] += weights[b][input] · x  for 8 streams b
//! ```
//!
//! There are no horizontal sums and no tails: lanes are outputs. Where fewer than
//! eight blocks are left, a block is several streams, each over its share of the
//! inputs, added up at the end; that also hides the latency of the multiply-add
//! in small layers.
//!
//! Several images at once use each weight that is read for all of them
//! ([`together`]).

mod together;

use alloc::format;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::activate::{End, Fused, Region};
use super::conv::pack_bias;
use super::layout::Form;
use super::memory::{Buffer, In};
use super::work::{Facts, Io, See, Together, Work};

/// Streams side by side.
const STREAMS: usize = 8;
/// Inputs of layers that are too small for it to matter where streams lie.
const FEW: usize = 64;

/// Vectors from the start of a block's weights to that of the next: an odd number, or
/// streams that run side by side meet in few sets of the first-level cache (LeNet-5's 400
/// inputs, whose weights are in the second level, took 2.0 µs instead of 1.75).
const fn apart(inputs: usize) -> usize {
    if inputs < FEW { inputs } else { inputs | 1 }
}

/// A fully-connected layer, ready to run.
pub(crate) struct Dense<S: Simd> {
    inputs: usize,
    output: Form,
    fused: Fused,
    weights: Buffer<S::E>,
    bias: Buffer<S::E>,
}

impl<S: Simd> Dense<S> {
    /// Packs `[output][input]`. `order` says which weight of an output the n-th
    /// number of the input meets: the input may be an image as it lies.
    pub(crate) fn new(
        (inputs, output): (usize, Form),
        weights: &[S::E],
        bias: Option<&[S::E]>,
        order: impl Fn(usize) -> usize,
        fused: Fused,
    ) -> Self {
        let packed = pack(inputs, &output, weights, &order);
        let bias = pack_bias(bias, output.blocks() * S::LANES);
        Self { inputs, output, fused, weights: packed, bias }
    }
}

/// The weights as `[block of outputs][input][output of the block]`.
fn pack<T: Element>(
    inputs: usize,
    output: &Form,
    weights: &[T],
    order: &dyn Fn(usize) -> usize,
) -> Buffer<T> {
    let (lanes, block) = (output.lanes, apart(inputs) * output.lanes);
    let mut packed = Buffer::zeroed(output.blocks() * block);
    let blocks = packed.as_mut_slice().chunks_exact_mut(block.max(1));
    for (to, rows) in blocks.zip(weights.chunks((lanes * inputs).max(1))) {
        for (n, to) in to.chunks_exact_mut(lanes).take(inputs).enumerate() {
            let from = order(n);
            for (to, row) in to.iter_mut().zip(rows.chunks_exact(inputs)) {
                *to = row[from];
            }
        }
    }
    packed
}

/// `blocks` blocks of outputs from `first` on, with `STREAMS / blocks` streams
/// each.
struct Streams<'a, S: Simd, const BLOCKS: usize> {
    of: &'a Dense<S>,
    io: Io<S::E>,
    first: usize,
}

impl<S: Simd, const BLOCKS: usize> Kernel<S> for Streams<'_, S, BLOCKS> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let inputs = self.of.inputs;
        let shares = STREAMS / BLOCKS;
        let share = inputs / shares;
        let weights =
            In::new(self.of.weights.as_slice()).from(self.first * apart(inputs) * S::LANES);
        let mut sums = [s.zero(); STREAMS];
        for i in 0..share {
            for (stream, sum) in sums.iter_mut().enumerate() {
                let (block, part) = (stream % BLOCKS, stream / BLOCKS);
                let n = part * share + i;
                // SAFETY: the input has `inputs` numbers.
                let x = s.splat(unsafe { self.io.input.get(n) });
                // SAFETY: there is a weight vector for each block and input.
                let w = unsafe { weights.load(s, (block * apart(inputs) + n) * S::LANES) };
                *sum = s.fma(w, x, *sum);
            }
        }
        for n in shares * share..inputs {
            // SAFETY: the input has `inputs` numbers.
            let x = s.splat(unsafe { self.io.input.get(n) });
            for (block, sum) in sums.iter_mut().take(BLOCKS).enumerate() {
                // SAFETY: there is a weight vector for each block and input.
                let w = unsafe { weights.load(s, (block * apart(inputs) + n) * S::LANES) };
                *sum = s.fma(w, x, *sum);
            }
        }
        let bias = In::new(self.of.bias.as_slice()).from(self.first * S::LANES);
        let end = End::new(s, &self.io, self.of.output, &self.of.fused);
        for block in 0..BLOCKS {
            // SAFETY: the bias has a vector for each block.
            let mut sum = unsafe { bias.load(s, block * S::LANES) };
            for part in 0..shares {
                sum = s.add(sum, sums[part * BLOCKS + block]);
            }
            let at = (self.first + block, 0, 0);
            // SAFETY: the output has a vector for each block.
            unsafe { end.store(s, at, sum) }
        }
    }
}

impl<S: Simd> Work<S> for Dense<S> {
    fn each_weights(&mut self, see: See<'_, S::E>) {
        see(&mut self.weights);
    }

    fn units(&self, _phase: usize) -> usize {
        self.output.blocks().div_ceil(STREAMS)
    }

    fn together(&self) -> Option<&dyn Together<S>> {
        Some(self)
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        let io = *io;
        for unit in units {
            let end = ((unit + 1) * STREAMS).min(self.output.blocks());
            let mut first = unit * STREAMS;
            while first < end {
                match end - first {
                    8.. => {
                        // SAFETY: handed on to the caller; other units are other blocks.
                        unsafe { s.enter(&Streams::<S, 8> { of: self, io, first }) }
                        first += 8;
                    }
                    4.. => {
                        // SAFETY: as above.
                        unsafe { s.enter(&Streams::<S, 4> { of: self, io, first }) }
                        first += 4;
                    }
                    2.. => {
                        // SAFETY: as above.
                        unsafe { s.enter(&Streams::<S, 2> { of: self, io, first }) }
                        first += 2;
                    }
                    _ => {
                        // SAFETY: as above.
                        unsafe { s.enter(&Streams::<S, 1> { of: self, io, first }) }
                        first += 1;
                    }
                }
            }
            if let Some(function) = self.fused.longer() {
                let (form, values) = (&self.output, io.output);
                let region =
                    Region { form, values, blocks: unit * STREAMS..end, rows: 0..1, function };
                // SAFETY: the blocks are this unit's.
                unsafe { s.enter(&region) }
            }
        }
    }

    fn facts(&self) -> Facts {
        let weight_bytes = (self.weights.len() + self.bias.len()) * size_of::<S::E>();
        Facts { kernel: "dense", tile: format!("{STREAMS} streams"), weight_bytes }
    }
}

impl<S: Simd> Together<S> for Dense<S> {
    unsafe fn run_images(&self, s: S, images: &[Io<S::E>], phase: usize, unit: usize) {
        let first = unit * STREAMS;
        if first + STREAMS <= self.output.blocks() && self.fused.longer().is_none() {
            // SAFETY: handed on to the caller; the unit's blocks exist.
            return unsafe { together::run(s, self, images, first..first + STREAMS) };
        }
        for io in images {
            // SAFETY: handed on to the caller.
            unsafe { self.run(s, io, phase, unit..unit + 1) }
        }
    }
}
