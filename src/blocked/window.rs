//! Windows over each channel by itself: depthwise convolution. Pools are in
//! [`super::pool`].
//!
//! Lanes are channels, so a window is loads and one operation each; nothing is
//! broadcast. Neighbouring outputs share inputs: a tile of seven outputs of a row
//! loads each input of a kernel row once (9 loads for 21 multiply-adds at 3×3)
//! where kernel and stride are constants; LLVM merges the loads. Seven divides
//! the widths of the published networks and leaves room for the weights of a
//! kernel row even with 16 registers. (Tiles of fourteen, with 32 registers, gained nothing.)
//!
//! Most of the time such a layer waits for its input. In the rows that no row of outputs has met
//! before, a tile asks for the pixels below, which the next row of outputs will be the first to
//! meet, each once. With tiles of seven instead of fourteen that is 3 to 7 % where the input is
//! larger than the second-level cache.
//!
//! The padding is read from the halo.

use alloc::format;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::activate::{End, EndRow, Fused, Region};
use super::conv::{ConvSizes, Origin, pack_bias};
use super::memory::{Buffer, In};
use super::work::{Facts, Io, See, Work};

/// Outputs of a tile.
pub(crate) const TILE: usize = 7;

/// Some rows of one channel block of a depthwise convolution.
struct DepthwiseRows<'a, T, const K: usize, const STRIDE: usize> {
    sizes: &'a ConvSizes,
    weights: In<T>,
    bias: In<T>,
    io: Io<T>,
    fused: Fused,
    block: usize,
    rows: Range<usize>,
    /// What the input starts with, the rows of the padding counted; and the output.
    from: Origin,
    to: Origin,
}

impl<S: Simd, const K: usize, const STRIDE: usize> Kernel<S>
    for DepthwiseRows<'_, S::E, K, STRIDE>
{
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        // What a tile needs is read here, once: the compiler can't know that no store of
        // a tile changes it, and to work it out again took as long as the sums.
        let d = *self.sizes;
        let fixed = K != 0;
        let window = Window {
            weights: self.weights,
            rows: d.kernel.0,
            row: d.dilation.0 * d.input.row(),
            columns: if fixed { K } else { d.kernel.1 },
            column: if fixed { S::LANES } else { d.dilation.1 * S::LANES },
            pixel: if fixed { STRIDE * S::LANES } else { d.stride.1 * S::LANES },
            fresh: if fixed { (d.stride.0, STRIDE) } else { (0, 0) },
            below: d.stride.0 * d.input.row(),
            // SAFETY: the bias has a vector for each block.
            bias: unsafe { self.bias.load(s, 0) },
        };
        let end = End::new(s, &self.io, d.output, &self.fused);
        let first = d.input.padded_at(self.block - self.from.block, d.padding.0, d.padding.1);
        for y in self.rows.clone() {
            let row = first + (y * d.stride.0 - self.from.row) * d.input.row();
            let end = end.row(self.block - self.to.block, y - self.to.row);
            // SAFETY: the rows exist, and the buffers have the forms of the sizes.
            unsafe { window.run(s, self.io.input.from(row), &end, d.output.w) }
        }
    }
}

/// The window of a depthwise convolution: weights, and how far apart things are.
struct Window<S: Simd> {
    weights: In<S::E>,
    bias: S::V,
    rows: usize,
    row: usize,
    columns: usize,
    column: usize,
    pixel: usize,
    /// Rows that a row of outputs is the first to meet, and columns of a window that no other
    /// of the row asks for; none where nothing is asked for ahead.
    fresh: (usize, usize),
    /// How far below the next row of outputs finds its input.
    below: usize,
}

impl<S: Simd> Window<S> {
    /// A row of outputs.
    ///
    /// # Safety
    ///
    /// The end has `width` pixels, the input what their taps meet.
    #[inline(always)]
    unsafe fn run(&self, s: S, input: In<S::E>, end: &EndRow<S>, width: usize) {
        let mut x = 0;
        while x < width {
            if width - x >= TILE || x >= TILE {
                // The last ends with the row, and gives some pixels once more.
                let start = x.min(width - TILE);
                // SAFETY: the pixels exist, the rest is the caller's promise.
                unsafe { self.tile::<TILE>(s, input, end, start) }
                x = start + TILE;
            } else {
                // SAFETY: as above.
                unsafe { self.tile::<1>(s, input, end, x) }
                x += 1;
            }
        }
    }

    /// # Safety
    ///
    /// As [`run`](Self::run), for the pixels `x..x + PX`.
    #[inline(always)]
    unsafe fn tile<const PX: usize>(&self, s: S, input: In<S::E>, end: &EndRow<S>, x: usize) {
        let input = input.from(x * self.pixel);
        let mut sums = [self.bias; PX];
        for row in 0..self.rows {
            let ahead = row + self.fresh.0 >= self.rows;
            for column in 0..self.columns {
                let at = (row * self.columns + column) * S::LANES;
                // SAFETY: the weights have a vector for each tap.
                let w = unsafe { self.weights.load(s, at) };
                for (p, sum) in sums.iter_mut().enumerate() {
                    let at = row * self.row + column * self.column + p * self.pixel;
                    if ahead && column < self.fresh.1 {
                        input.prefetch(s, at + self.below);
                    }
                    // SAFETY: the input has the halo that the taps need.
                    *sum = s.fma(w, unsafe { input.load(s, at) }, *sum);
                }
            }
        }
        // SAFETY: the pixels exist.
        unsafe { end.store(s, x, sums) }
    }
}

/// The weights as `[block][tap][lane]`.
fn pack<T: Element>(sizes: &ConvSizes, weights: &[T]) -> Buffer<T> {
    let (taps, lanes) = (sizes.kernel.0 * sizes.kernel.1, sizes.output.lanes);
    let mut packed = Buffer::zeroed(sizes.output.blocks() * lanes * taps);
    for (channel, filter) in weights.chunks_exact(taps).enumerate() {
        let at = channel / lanes * taps * lanes + channel % lanes;
        for (tap, &weight) in filter.iter().enumerate() {
            packed.as_mut_slice()[at + tap * lanes] = weight;
        }
    }
    packed
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
        let bias = pack_bias(bias, sizes.output.blocks() * S::LANES);
        Self { sizes, fused, weights: pack(&sizes, weights), bias }
    }

    /// Runs some rows of a block, from an input and to an output that start with these.
    ///
    /// # Safety
    ///
    /// As [`Work::run`]; an input that is not whole has what the taps of these rows meet,
    /// an output has room for these rows and the block.
    pub(crate) unsafe fn rows(
        &self,
        s: S,
        io: &Io<S::E>,
        block: usize,
        rows: Range<usize>,
        origins: [Origin; 2],
    ) {
        let sizes = &self.sizes;
        let place = (block, rows, origins);
        match (sizes.dilation.1 == 1, sizes.kernel.1, sizes.stride.1) {
            // SAFETY: handed on to the caller.
            (true, 3, 1) => unsafe { self.enter::<3, 1>(s, io, place) },
            // SAFETY: as above.
            (true, 3, 2) => unsafe { self.enter::<3, 2>(s, io, place) },
            // SAFETY: as above.
            (true, 5, 1) => unsafe { self.enter::<5, 1>(s, io, place) },
            // SAFETY: as above.
            (true, 5, 2) => unsafe { self.enter::<5, 2>(s, io, place) },
            // SAFETY: as above.
            _ => unsafe { self.enter::<0, 0>(s, io, place) },
        }
    }

    /// # Safety
    ///
    /// As [`rows`](Self::rows).
    unsafe fn enter<const K: usize, const STRIDE: usize>(
        &self,
        s: S,
        io: &Io<S::E>,
        (block, rows, [from, to]): (usize, Range<usize>, [Origin; 2]),
    ) {
        let taps = self.sizes.kernel.0 * self.sizes.kernel.1;
        let kernel = DepthwiseRows::<S::E, K, STRIDE> {
            sizes: &self.sizes,
            weights: In::new(self.weights.as_slice()).from(block * taps * S::LANES),
            bias: In::new(self.bias.as_slice()).from(block * S::LANES),
            io: *io,
            fused: self.fused,
            block,
            rows: rows.clone(),
            from,
            to,
        };
        // SAFETY: handed on to the caller.
        unsafe { s.enter(&kernel) }
        if let Some(function) = self.fused.longer() {
            let (form, values) = (&self.sizes.output, io.output);
            let (block, rows) = (block - to.block, rows.start - to.row..rows.end - to.row);
            let blocks = block..block + 1;
            // SAFETY: the rows are this call's.
            unsafe { s.enter(&Region { form, values, blocks, rows, function }) }
        }
    }

    /// Bytes of its weights.
    pub(crate) fn weight_bytes(&self) -> usize {
        (self.weights.len() + self.bias.len()) * size_of::<S::E>()
    }
}

impl<S: Simd> Work<S> for Depthwise<S> {
    fn each_weights(&mut self, see: See<'_, S::E>) {
        see(&mut self.weights);
    }

    fn units(&self, _phase: usize) -> usize {
        self.sizes.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        for unit in units {
            // SAFETY: handed on to the caller; each unit is another block.
            unsafe { self.rows(s, io, unit, 0..self.sizes.output.h, [Origin::WHOLE; 2]) }
        }
    }

    fn facts(&self) -> Facts {
        let (tile, weight_bytes) = (format!("1×{TILE}"), self.weight_bytes());
        Facts { kernel: "depthwise", tile, weight_bytes }
    }
}
