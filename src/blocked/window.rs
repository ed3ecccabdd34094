//! Windows over each channel by itself: depthwise convolution. Pools are in
//! [`super::pool`].
//!
//! Lanes are channels, so a window is loads and one operation each; nothing is
//! broadcast. Neighbouring outputs share inputs: a tile of seven outputs of a row
//! loads each input of a kernel row once (9 loads for 21 multiply-adds at 3×3)
//! where kernel and stride are constants; LLVM merges the loads. Seven divides
//! the widths of the published networks and leaves room for the weights of a
//! kernel row even with 16 registers.
//!
//! The padding is read from the halo.

use alloc::format;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::activate::{End, Fused, Region};
use super::conv::{ConvSizes, pack_bias};
use super::memory::{Buffer, In};
use super::work::{Facts, Io, Work};

/// Outputs of a tile.
pub(crate) const TILE: usize = 7;

/// One channel block of a depthwise convolution, some rows of it.
struct DepthwiseRows<'a, T, const K: usize, const STRIDE: usize> {
    sizes: &'a ConvSizes,
    weights: In<T>,
    bias: In<T>,
    io: Io<T>,
    fused: Fused,
    block: usize,
}

impl<S: Simd, const K: usize, const STRIDE: usize> Kernel<S>
    for DepthwiseRows<'_, S::E, K, STRIDE>
{
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let end = End::new(s, &self.io, self.sizes.output, &self.fused);
        for y in 0..self.sizes.output.h {
            let mut x = 0;
            while x < self.sizes.output.w {
                let left = self.sizes.output.w - x;
                if left >= TILE {
                    // SAFETY: the pixels exist, the rest is the caller's promise.
                    unsafe { self.tile::<S, TILE>(s, &end, y, x) }
                    x += TILE;
                } else if left >= 2 {
                    // SAFETY: as above.
                    unsafe { self.tile::<S, 2>(s, &end, y, x) }
                    x += 2;
                } else {
                    // SAFETY: as above.
                    unsafe { self.tile::<S, 1>(s, &end, y, x) }
                    x += 1;
                }
            }
        }
    }
}

impl<T: Element, const K: usize, const STRIDE: usize> DepthwiseRows<'_, T, K, STRIDE> {
    /// # Safety
    ///
    /// The outputs `x..x + PX` of row `y` exist, and the buffers have the forms
    /// of the sizes.
    #[inline(always)]
    unsafe fn tile<S: Simd<E = T>, const PX: usize>(&self, s: S, end: &End<S>, y: usize, x: usize) {
        let d = self.sizes;
        let (columns, stride) = if K == 0 { (d.kernel.1, d.stride.1) } else { (K, STRIDE) };
        let dilation = if K == 0 { d.dilation.1 } else { 1 };
        let top = d.input.padded_at(self.block, d.padding.0, d.padding.1)
            + y * d.stride.0 * d.input.row()
            + x * stride * S::LANES;
        // SAFETY: the bias has a vector for each block.
        let bias = unsafe { self.bias.load(s, 0) };
        let mut sums = [bias; PX];
        for row in 0..d.kernel.0 {
            let at = top + row * d.dilation.0 * d.input.row();
            for column in 0..columns {
                // SAFETY: the weights have a vector for each tap.
                let w = unsafe { self.weights.load(s, (row * columns + column) * S::LANES) };
                for (p, sum) in sums.iter_mut().enumerate() {
                    let at = at + (p * stride + column * dilation) * S::LANES;
                    // SAFETY: the input has the halo that the taps need.
                    *sum = s.fma(w, unsafe { self.io.input.load(s, at) }, *sum);
                }
            }
        }
        // SAFETY: the pixels exist.
        unsafe { end.store_row(s, (self.block, y, x), sums) }
    }
}

/// A depthwise convolution: every channel has one filter of its own.
pub(crate) struct Depthwise<S: Simd> {
    sizes: ConvSizes,
    fused: Fused,
    /// `[block][tap][lane]`.
    weights: Buffer<S::E>,
    bias: Buffer<S::E>,
}

impl<S: Simd> Depthwise<S> {
    pub(crate) fn new(
        sizes: ConvSizes,
        weights: &[S::E],
        bias: Option<&[S::E]>,
        fused: Fused,
    ) -> Self {
        let taps = sizes.kernel.0 * sizes.kernel.1;
        let channels = sizes.output.blocks() * S::LANES;
        let mut packed = Buffer::zeroed(channels * taps);
        for (channel, filter) in weights.chunks_exact(taps).enumerate() {
            let at = channel / S::LANES * taps * S::LANES + channel % S::LANES;
            for (tap, &weight) in filter.iter().enumerate() {
                packed.as_mut_slice()[at + tap * S::LANES] = weight;
            }
        }
        Self { sizes, fused, weights: packed, bias: pack_bias(bias, channels) }
    }

    /// # Safety
    ///
    /// As [`Work::run`].
    unsafe fn block<const K: usize, const STRIDE: usize>(&self, s: S, io: &Io<S::E>, block: usize) {
        let taps = self.sizes.kernel.0 * self.sizes.kernel.1;
        let rows = DepthwiseRows::<S::E, K, STRIDE> {
            sizes: &self.sizes,
            weights: In::new(self.weights.as_slice()).from(block * taps * S::LANES),
            bias: In::new(self.bias.as_slice()).from(block * S::LANES),
            io: *io,
            fused: self.fused,
            block,
        };
        // SAFETY: handed on to the caller.
        unsafe { s.enter(&rows) }
        if let Some(function) = self.fused.longer() {
            let (form, values) = (&self.sizes.output, io.output);
            let region =
                Region { form, values, blocks: block..block + 1, rows: 0..form.h, function };
            // SAFETY: the block is this call's.
            unsafe { s.enter(&region) }
        }
    }
}

impl<S: Simd> Work<S> for Depthwise<S> {
    fn units(&self, _phase: usize) -> usize {
        self.sizes.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        let sizes = &self.sizes;
        let plain = sizes.dilation.1 == 1;
        for unit in units {
            match (plain, sizes.kernel.1, sizes.stride.1) {
                // SAFETY: handed on to the caller; each unit is another block.
                (true, 3, 1) => unsafe { self.block::<3, 1>(s, io, unit) },
                // SAFETY: as above.
                (true, 3, 2) => unsafe { self.block::<3, 2>(s, io, unit) },
                // SAFETY: as above.
                (true, 5, 1) => unsafe { self.block::<5, 1>(s, io, unit) },
                // SAFETY: as above.
                (true, 5, 2) => unsafe { self.block::<5, 2>(s, io, unit) },
                // SAFETY: as above.
                _ => unsafe { self.block::<0, 0>(s, io, unit) },
            }
        }
    }

    fn facts(&self) -> Facts {
        let weight_bytes = (self.weights.len() + self.bias.len()) * size_of::<S::E>();
        Facts { kernel: "depthwise", tile: format!("1×{TILE}"), weight_bytes }
    }
}
