//! Pools: the largest or the mean of windows over each channel by itself.
//!
//! Tiled like depthwise convolution ([`super::window`]), but a pool must not read
//! the halo: the padding of a maximum is −∞, and an average may leave it out. It
//! clips its windows instead: rows by the bounds of a loop, columns by running
//! the tiles over the inner outputs only and the outer ones one by one.

use alloc::format;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::activate::{Bounds, Fused, clip};
use super::layout::Form;
use super::memory::{In, Out};
use super::work::{Facts, Io, Work};

/// Outputs of a tile: few, so that the rows of a small image have one.
const TILE: usize = 4;

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
        // A division takes as long as the rest of a small window.
        let steps = |n: usize| if dilation == 1 { n } else { n.div_ceil(dilation) };
        let taps_below = |end: usize| steps(end.saturating_sub(start)).min(kernel);
        let first = taps_below(before);
        let last = taps_below(before + n).max(first);
        let counted = if self.include_pad { taps_below(before + n + behind) } else { last - first };
        // (Where no tap meets a pixel, the next may be any number away.)
        let next = (start + first * dilation).saturating_sub(before);
        let pixel = if first < last { next } else { 0 };
        Taps { pixel, count: last - first, divide_by: counted }
    }

    /// The outputs of a row whose windows lie within the image, without a dilation.
    #[inline(never)]
    fn inner(&self) -> Range<usize> {
        let (kernel, stride, before) = (self.kernel.1, self.stride.1, self.padding.1);
        let end = match self.input.w.saturating_add(before).checked_sub(kernel) {
            Some(last) => (last / stride + 1).min(self.output.w),
            None => 0,
        };
        before.div_ceil(stride).min(end)..end
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
    bounds: Bounds<T>,
    block: usize,
}

impl<S: Simd, const MAX: bool, const K: usize, const STRIDE: usize> Kernel<S>
    for PoolRows<'_, S::E, MAX, K, STRIDE>
{
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let d = self.sizes;
        let inner = if K > 0 { d.inner() } else { 0..0 };
        for y in 0..d.output.h {
            let down = d.taps(y, d.input.h, Axis::Down);
            let mut x = 0;
            while x < d.output.w {
                if inner.contains(&x) && inner.len() >= TILE {
                    // (The last tile overlaps the one before it.)
                    x = x.min(inner.end - TILE);
                    let along = Taps { pixel: x * STRIDE - d.padding.1, count: K, divide_by: K };
                    // SAFETY: the outputs exist and their taps meet pixels.
                    unsafe { self.tile::<S, TILE>(s, (y, x), down, along) }
                    x += TILE;
                } else {
                    let along = d.taps(x, d.input.w, Axis::Along);
                    // SAFETY: the output exists and its taps meet pixels.
                    unsafe { self.tile::<S, 1>(s, (y, x), down, along) }
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
        (y, x): (usize, usize),
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
        if !MAX {
            // The mean of no tap is 0: the sum is. (A window in its padding can have
            // more taps than a `usize` counts.)
            let count = (down.divide_by as f64 * along.divide_by as f64).max(1.0);
            let count = s.splat(T::from_double(count));
            best = best.map(|sum| s.div(sum, count));
        }
        let (output, bounds) = (self.output, self.bounds.vectors(s));
        let at = d.output.at(self.block, y, x);
        for (p, &best) in best.iter().enumerate() {
            // SAFETY: the output exists.
            unsafe { output.store(s, at + p * S::LANES, clip(s, best, bounds)) }
        }
    }
}

/// A pool over windows.
pub(crate) struct Pool {
    pub(crate) sizes: PoolSizes,
    pub(crate) fused: Fused,
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
            bounds: self.fused.bounds(),
            block,
        };
        // SAFETY: handed on to the caller.
        unsafe { s.enter(&rows) }
    }
}

impl<S: Simd> Work<S> for Pool {
    fn units(&self, _phase: usize) -> usize {
        self.sizes.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
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
    pub(crate) fused: Fused,
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
        mean = clip(s, mean, self.of.fused.bounds().vectors(s));
        // SAFETY: the output has a vector for each block.
        unsafe { self.output.store(s, self.of.output.at(self.block, 0, 0), mean) }
    }
}

impl<S: Simd> Work<S> for GlobalAverage {
    fn units(&self, _phase: usize) -> usize {
        self.input.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
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
