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

/// Some planes; `MAX`: the largest, else the mean. `TWO`: windows of 2×2 pixels at a
/// stride of 2, whose loops are unrolled.
struct Planes<'a, T, const MAX: bool, const TWO: bool> {
    of: &'a PlanarPool,
    io: Io<T>,
    channels: Range<usize>,
}

impl<S: Simd, const MAX: bool, const TWO: bool> Kernel<S> for Planes<'_, S::E, MAX, TWO> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        // (What a store might change, for all that the compiler knows, is read here.)
        let d = self.of.sizes;
        let bounds = self.of.fused.bounds().vectors(s);
        let below = (d.stride.0 * d.input.row(), d.output.row());
        // Down the columns: how much of a vector is there stays the same.
        for x in (0..d.output.w).step_by(S::LANES) {
            let count = (d.output.w - x).min(S::LANES);
            for channel in self.channels.clone() {
                let mut from = d.input.at(channel, 0, x * d.stride.1);
                let mut to = d.output.at(channel, 0, x);
                for _ in 0..d.output.h {
                    // SAFETY: handed on to the caller.
                    let value = unsafe { self.pixels(s, &d, from, count) };
                    let value = clip(s, value, bounds);
                    // SAFETY: the outputs exist.
                    unsafe { self.io.output.store_part(s, to, count, value) }
                    (from, to) = (from + below.0, to + below.1);
                }
            }
        }
    }
}

impl<T: Element, const MAX: bool, const TWO: bool> Planes<'_, T, MAX, TWO> {
    /// The largest or the mean of each of `count` windows, from the first one's
    /// first pixel at `start` on.
    ///
    /// # Safety
    ///
    /// The pixels of the windows exist.
    #[inline(always)]
    unsafe fn pixels<S: Simd<E = T>>(
        &self,
        s: S,
        d: &PoolSizes,
        start: usize,
        count: usize,
    ) -> S::V {
        let take = |best, x| if MAX { s.pick_max(x, best) } else { s.add(best, x) };
        let below = d.dilation.0 * d.input.row();
        if TWO {
            // Two taps are the even and the odd lanes of one load.
            // SAFETY: the windows' pixels exist.
            let (near, far) = unsafe { self.two(s, start, 2 * count) };
            let above = take(s.evens(near, far), s.odds(near, far));
            // SAFETY: as above.
            let (near, far) = unsafe { self.two(s, start + below, 2 * count) };
            return take(take(above, s.evens(near, far)), s.odds(near, far));
        }
        let mut best = s.splat(if MAX { T::neg_infinity() } else { T::zero() });
        for row in 0..d.kernel.0 {
            for column in 0..d.kernel.1 {
                let at = start + row * below + column * d.dilation.1;
                // SAFETY: the windows' pixels exist.
                best = take(best, unsafe { self.tap(s, at, count) });
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

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, channels: Range<usize>) {
        let (of, io) = (self, *io);
        let PoolSizes { kernel, stride, dilation, max, .. } = self.sizes;
        let two = (kernel, stride.1, dilation) == ((2, 2), 2, (1, 1));
        match (max, two) {
            // SAFETY: handed on to the caller; each unit is another plane.
            (true, true) => unsafe { s.enter(&Planes::<_, true, true> { of, io, channels }) },
            // SAFETY: as above.
            (true, false) => unsafe { s.enter(&Planes::<_, true, false> { of, io, channels }) },
            // SAFETY: as above.
            (false, _) => unsafe { s.enter(&Planes::<_, false, false> { of, io, channels }) },
        }
    }

    fn facts(&self) -> Facts {
        let kernel = if self.sizes.max { "planar max pool" } else { "planar average pool" };
        Facts { kernel, tile: alloc::format!("1×{}", S::LANES), weight_bytes: 0 }
    }
}
