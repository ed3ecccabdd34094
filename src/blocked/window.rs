//! Windows over each channel by itself: depthwise convolution and pools.
//!
//! Lanes are channels, so a window is loads and one operation each; nothing is
//! broadcast. Neighbouring outputs share inputs: a tile of seven outputs of a row
//! loads each input of a kernel row once (9 loads for 21 multiply-adds at 3×3)
//! where kernel and stride are constants; LLVM merges the loads. Seven divides
//! the widths of the published networks and leaves room for the weights of a
//! kernel row even with 16 registers.
//!
//! A depthwise convolution reads its padding from the halo. A pool must not: the
//! padding of a maximum is −∞, and an average may leave it out. It clips its
//! windows instead: rows by the bounds of a loop, columns by running the tiles
//! over the inner outputs only and the outer ones one by one.

use alloc::format;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::conv::{ConvSizes, Fused, pack_bias};
use super::layout::Form;
use super::memory::{Buffer, In, Out};
use super::work::{Facts, Io, Work};

/// Outputs of a tile.
const TILE: usize = 7;

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
        for y in 0..self.sizes.output.h {
            let mut x = 0;
            while x < self.sizes.output.w {
                let left = self.sizes.output.w - x;
                if left >= TILE {
                    // SAFETY: the pixels exist, the rest is the caller's promise.
                    unsafe { self.tile::<S, TILE>(s, y, x) }
                    x += TILE;
                } else if left >= 2 {
                    // SAFETY: as above.
                    unsafe { self.tile::<S, 2>(s, y, x) }
                    x += 2;
                } else {
                    // SAFETY: as above.
                    unsafe { self.tile::<S, 1>(s, y, x) }
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
    unsafe fn tile<S: Simd<E = T>, const PX: usize>(&self, s: S, y: usize, x: usize) {
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
        for (p, sum) in sums.into_iter().enumerate() {
            // SAFETY: the pixel exists.
            unsafe { finish(s, &self.io, &d.output, self.fused, (self.block, y, x + p), sum) }
        }
    }
}

/// Adds, activates and stores one finished vector.
///
/// # Safety
///
/// The output has the form `form` and this pixel; the addend likewise.
#[inline(always)]
pub(crate) unsafe fn finish<S: Simd>(
    s: S,
    io: &Io<S::E>,
    form: &Form,
    fused: Fused,
    (block, y, x): (usize, usize, usize),
    mut sum: S::V,
) {
    if let (Some(addend), Some(other)) = (fused.addend, io.other) {
        // SAFETY: the addend has the pixels of the output.
        sum = s.add(sum, unsafe { other.load(s, addend.at(block, y, x)) });
    }
    if fused.relu {
        sum = s.relu(sum);
    }
    // SAFETY: the pixel exists.
    unsafe { io.output.store(s, form.at(block, y, x), sum) }
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
    unsafe fn block<const K: usize, const STRIDE: usize>(
        &self,
        s: S,
        io: &Io<S::E>,
        block: usize,
    ) {
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
    }
}

impl<S: Simd> Work<S> for Depthwise<S> {
    fn units(&self) -> usize {
        self.sizes.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, units: Range<usize>) {
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

/// The numbers of a pool with all sizes known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolSizes {
    pub(crate) input: Form,
    pub(crate) output: Form,
    pub(crate) kernel: (usize, usize),
    pub(crate) stride: (usize, usize),
    pub(crate) dilation: (usize, usize),
    /// Above and to the left.
    pub(crate) padding: (usize, usize),
    /// Below and to the right.
    pub(crate) behind: (usize, usize),
    /// Whether an average divides by padded pixels too.
    pub(crate) include_pad: bool,
    /// The largest, or the mean.
    pub(crate) max: bool,
}

/// The taps of a window that meet pixels: which, and the first one's pixel.
#[derive(Clone, Copy, Debug)]
struct Taps {
    pixel: usize,
    count: usize,
    /// Taps that an average divides by.
    divide_by: usize,
}

impl PoolSizes {
    /// The taps of output `out` along an axis of `n` pixels.
    #[inline(always)]
    fn taps(&self, out: usize, n: usize, axis: Axis) -> Taps {
        let (kernel, stride, dilation, before, behind) = match axis {
            Axis::Down => {
                (self.kernel.0, self.stride.0, self.dilation.0, self.padding.0, self.behind.0)
            }
            Axis::Along => {
                (self.kernel.1, self.stride.1, self.dilation.1, self.padding.1, self.behind.1)
            }
        };
        let start = out * stride;
        let first = before.saturating_sub(start).div_ceil(dilation).min(kernel);
        let taps_below = |end: usize| end.saturating_sub(start).div_ceil(dilation).min(kernel);
        let last = taps_below(before + n).max(first);
        let counted = if self.include_pad { taps_below(before + n + behind) } else { last - first };
        let pixel = (start + first * dilation).saturating_sub(before);
        Taps { pixel, count: last - first, divide_by: counted }
    }
}

#[derive(Clone, Copy)]
enum Axis {
    Down,
    Along,
}

struct PoolRows<'a, T, const MAX: bool, const K: usize, const STRIDE: usize> {
    sizes: &'a PoolSizes,
    input: In<T>,
    output: Out<T>,
    relu: bool,
    block: usize,
}

impl<S: Simd, const MAX: bool, const K: usize, const STRIDE: usize> Kernel<S>
    for PoolRows<'_, S::E, MAX, K, STRIDE>
{
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let d = self.sizes;
        for y in 0..d.output.h {
            let down = d.taps(y, d.input.h, Axis::Down);
            let mut x = 0;
            while x < d.output.w {
                let along = d.taps(x, d.input.w, Axis::Along);
                // Whether a tile's windows all lie within the image.
                let inner = K > 0
                    && x + TILE <= d.output.w
                    && along.count == K
                    && (x + TILE - 1) * STRIDE + K <= d.input.w + d.padding.1;
                if inner {
                    // SAFETY: the outputs exist and their taps meet pixels.
                    unsafe { self.tile::<S, TILE>(s, y, x, down, along) }
                    x += TILE;
                } else {
                    // SAFETY: the output exists and its taps meet pixels.
                    unsafe { self.tile::<S, 1>(s, y, x, down, along) }
                    x += 1;
                }
            }
        }
    }
}

impl<T: Element, const MAX: bool, const K: usize, const STRIDE: usize>
    PoolRows<'_, T, MAX, K, STRIDE>
{
    /// # Safety
    ///
    /// The outputs `x..x + PX` of row `y` exist; the taps are those of the first
    /// and, shifted, of all.
    #[inline(always)]
    unsafe fn tile<S: Simd<E = T>, const PX: usize>(
        &self,
        s: S,
        y: usize,
        x: usize,
        down: Taps,
        along: Taps,
    ) {
        let d = self.sizes;
        let columns = if PX > 1 { K } else { along.count };
        let dilation = if K == 0 { d.dilation.1 } else { 1 };
        let start = if MAX { T::neg_infinity() } else { T::zero() };
        let mut best = [s.splat(start); PX];
        for row in 0..down.count {
            let at = d.input.at(self.block, down.pixel + row * d.dilation.0, along.pixel);
            for column in 0..columns {
                for (p, best) in best.iter_mut().enumerate() {
                    let at = at + (p * STRIDE + column * dilation) * S::LANES;
                    // SAFETY: the tap meets a pixel.
                    let x = unsafe { self.input.load(s, at) };
                    *best = if MAX { s.pick_max(x, *best) } else { s.add(*best, x) };
                }
            }
        }
        for (p, mut best) in best.into_iter().enumerate() {
            if !MAX {
                let count = down.divide_by * along.divide_by;
                best = s.div(best, s.splat(T::from_double(count as f64)));
            }
            if self.relu {
                best = s.relu(best);
            }
            // SAFETY: the output exists.
            unsafe { self.output.store(s, d.output.at(self.block, y, x + p), best) }
        }
    }
}

/// A pool over windows.
pub(crate) struct Pool {
    pub(crate) sizes: PoolSizes,
    pub(crate) relu: bool,
}

impl Pool {
    /// # Safety
    ///
    /// As [`Work::run`].
    unsafe fn block<S: Simd, const MAX: bool, const K: usize, const STRIDE: usize>(
        &self,
        s: S,
        io: &Io<S::E>,
        block: usize,
    ) {
        let rows = PoolRows::<S::E, MAX, K, STRIDE> {
            sizes: &self.sizes,
            input: io.input,
            output: io.output,
            relu: self.relu,
            block,
        };
        // SAFETY: handed on to the caller.
        unsafe { s.enter(&rows) }
    }
}

impl<S: Simd> Work<S> for Pool {
    fn units(&self) -> usize {
        self.sizes.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, units: Range<usize>) {
        let d = &self.sizes;
        let (kernel, stride) = if d.dilation.1 == 1 { (d.kernel.1, d.stride.1) } else { (0, 0) };
        for unit in units {
            match (d.max, kernel, stride) {
                // SAFETY: handed on to the caller; each unit is another block.
                (true, 2, 2) => unsafe { self.block::<S, true, 2, 2>(s, io, unit) },
                // SAFETY: as above.
                (true, 3, 2) => unsafe { self.block::<S, true, 3, 2>(s, io, unit) },
                // SAFETY: as above.
                (true, ..) => unsafe { self.block::<S, true, 0, 0>(s, io, unit) },
                // SAFETY: as above.
                (false, 2, 2) => unsafe { self.block::<S, false, 2, 2>(s, io, unit) },
                // SAFETY: as above.
                (false, ..) => unsafe { self.block::<S, false, 0, 0>(s, io, unit) },
            }
        }
    }

    fn facts(&self) -> Facts {
        let kernel = if self.sizes.max { "max pool" } else { "average pool" };
        Facts { kernel, tile: format!("1×{TILE}"), weight_bytes: 0 }
    }
}

/// The mean of each channel.
pub(crate) struct GlobalAverage {
    pub(crate) input: Form,
    pub(crate) output: Form,
    pub(crate) relu: bool,
}

struct Mean<'a, T> {
    of: &'a GlobalAverage,
    input: In<T>,
    output: Out<T>,
    block: usize,
}

impl<S: Simd> Kernel<S> for Mean<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        // Four sums hide the latency of the addition.
        let mut sums = [s.zero(); 4];
        let form = &self.of.input;
        for y in 0..form.h {
            let at = form.at(self.block, y, 0);
            let mut x = 0;
            while x + 4 <= form.w {
                for (p, sum) in sums.iter_mut().enumerate() {
                    // SAFETY: the pixel exists.
                    *sum = s.add(*sum, unsafe { self.input.load(s, at + (x + p) * S::LANES) });
                }
                x += 4;
            }
            while x < form.w {
                // SAFETY: the pixel exists.
                sums[0] = s.add(sums[0], unsafe { self.input.load(s, at + x * S::LANES) });
                x += 1;
            }
        }
        let sum = s.add(s.add(sums[0], sums[1]), s.add(sums[2], sums[3]));
        let mut mean = s.div(sum, s.splat(S::E::from_double((form.h * form.w) as f64)));
        if self.of.relu {
            mean = s.relu(mean);
        }
        // SAFETY: the output has a vector for each block.
        unsafe { self.output.store(s, self.of.output.at(self.block, 0, 0), mean) }
    }
}

impl<S: Simd> Work<S> for GlobalAverage {
    fn units(&self) -> usize {
        self.input.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, units: Range<usize>) {
        for block in units {
            let mean = Mean { of: self, input: io.input, output: io.output, block };
            // SAFETY: handed on to the caller; each unit is another block.
            unsafe { s.enter(&mean) }
        }
    }

    fn facts(&self) -> Facts {
        Facts { kernel: "global average", tile: "1×4".into(), weight_bytes: 0 }
    }
}
