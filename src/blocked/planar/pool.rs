//! Pools on planes, all windows within the image, of horizontal stride 1 or 2.
//!
//! A vector holds neighbouring outputs of a row. Their pixels under one tap are
//! neighbours too (stride 1), or every second of two vectors (stride 2). Taps come
//! in the order of the plain loops, so ties of zeros and NaN come out alike.

use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::super::activate::{Fused, clip};
use super::super::pool::PoolSizes;
use super::super::work::{Facts, Io, Work};

/// A planar pool.
pub(crate) struct PlanarPool {
    pub(crate) sizes: PoolSizes,
    pub(crate) fused: Fused,
}

/// One plane; `MAX`: the largest, else the mean. `TWO`: windows of 2×2 pixels at a
/// stride of 2, whose loops are unrolled.
struct Plane<'a, T, const MAX: bool, const TWO: bool> {
    of: &'a PlanarPool,
    io: Io<T>,
    channel: usize,
}

impl<S: Simd, const MAX: bool, const TWO: bool> Kernel<S> for Plane<'_, S::E, MAX, TWO> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let d = &self.of.sizes;
        let bounds = self.of.fused.bounds().vectors(s);
        let (first, out) = (d.input.at(self.channel, 0, 0), d.output.at(self.channel, 0, 0));
        let down = d.stride.0 * d.input.row();
        // Down the columns: how much of a vector is there stays the same.
        for x in (0..d.output.w).step_by(S::LANES) {
            let count = (d.output.w - x).min(S::LANES);
            for y in 0..d.output.h {
                let from = first + y * down + x * d.stride.1;
                // SAFETY: handed on to the caller.
                let value = unsafe { self.pixels(s, from, count) };
                let value = clip(s, value, bounds);
                // SAFETY: the outputs exist.
                unsafe { self.io.output.store_part(s, out + y * d.output.row() + x, count, value) }
            }
        }
    }
}

impl<T: Element, const MAX: bool, const TWO: bool> Plane<'_, T, MAX, TWO> {
    /// The largest or the mean of each of `count` windows, from the first one's
    /// first pixel at `start` on.
    ///
    /// # Safety
    ///
    /// The pixels of the windows exist.
    #[inline(always)]
    unsafe fn pixels<S: Simd<E = T>>(&self, s: S, start: usize, count: usize) -> S::V {
        let d = &self.of.sizes;
        let take = |best, x| if MAX { s.pick_max(x, best) } else { s.add(best, x) };
        let mut best = s.splat(if MAX { T::neg_infinity() } else { T::zero() });
        for row in 0..if TWO { 2 } else { d.kernel.0 } {
            let at = start + row * d.dilation.0 * d.input.row();
            if TWO {
                // Two taps are the even and the odd lanes of one load.
                // SAFETY: the windows' pixels exist.
                let (near, far) = unsafe { self.two(s, at, 2 * count) };
                best = take(take(best, s.evens(near, far)), s.odds(near, far));
                continue;
            }
            for column in 0..d.kernel.1 {
                // SAFETY: the windows' pixels exist.
                best = take(best, unsafe { self.tap(s, at + column * d.dilation.1, count) });
            }
        }
        if !MAX {
            let taps = (d.kernel.0 * d.kernel.1) as f64;
            best = s.div(best, s.splat(T::from_double(taps)));
        }
        best
    }

    /// `count` pixels from `at` on, a stride apart.
    ///
    /// # Safety
    ///
    /// They exist.
    #[inline(always)]
    unsafe fn tap<S: Simd<E = T>>(&self, s: S, at: usize, count: usize) -> S::V {
        if self.of.sizes.stride.1 == 1 {
            // SAFETY: handed on to the caller.
            return unsafe { self.io.input.load_part(s, at, count) };
        }
        // SAFETY: handed on to the caller.
        let (near, far) = unsafe { self.two(s, at, 2 * count - 1) };
        s.evens(near, far)
    }

    /// `pixels` pixels from `at` on, in two vectors.
    ///
    /// # Safety
    ///
    /// They exist.
    #[inline(always)]
    unsafe fn two<S: Simd<E = T>>(&self, s: S, at: usize, pixels: usize) -> (S::V, S::V) {
        let input = self.io.input;
        // SAFETY: handed on to the caller.
        let near = unsafe { input.load_part(s, at, pixels.min(S::LANES)) };
        let far = match pixels.checked_sub(S::LANES) {
            // SAFETY: handed on to the caller.
            Some(rest) => unsafe { input.load_part(s, at + S::LANES, rest) },
            None => s.zero(),
        };
        (near, far)
    }
}

impl<S: Simd> Work<S> for PlanarPool {
    fn units(&self, _phase: usize) -> usize {
        self.sizes.output.c
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        let (of, io) = (self, *io);
        let PoolSizes { kernel, stride, dilation, max, .. } = self.sizes;
        let two = (kernel, stride.1, dilation) == ((2, 2), 2, (1, 1));
        for channel in units {
            match (max, two) {
                // SAFETY: handed on to the caller; each unit is another plane.
                (true, true) => unsafe { s.enter(&Plane::<_, true, true> { of, io, channel }) },
                // SAFETY: as above.
                (true, false) => unsafe { s.enter(&Plane::<_, true, false> { of, io, channel }) },
                // SAFETY: as above.
                (false, _) => unsafe { s.enter(&Plane::<_, false, false> { of, io, channel }) },
            }
        }
    }

    fn facts(&self) -> Facts {
        let kernel = if self.sizes.max { "planar max pool" } else { "planar average pool" };
        Facts { kernel, tile: alloc::format!("1×{}", S::LANES), weight_bytes: 0 }
    }
}
