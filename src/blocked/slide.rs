//! A register tile for one block of outputs from planes: inputs slide past the
//! weights of a kernel row.
//!
//! The tiles of [`super::tile`] broadcast an input for each tap and pixel. With two
//! blocks that is one load for two multiply-adds, with one block one for one, and
//! the loads hold it up. But neighbouring pixels want the same inputs under other
//! taps. So the weights of a whole kernel row stay in registers, and each input is
//! broadcast once, for all its taps:
//!
//! ```text
//! for each plane, kernel row:
//!     w[0..K]       = weights of the row              K loads
//!     for j in 0..PX + K − 1:
//!         x         = input[j]                        one broadcast
//!         sum[j−t] += w[t] · x   for the taps t       up to K multiply-adds
//! ```
//!
//! 14 pixels of a 5-wide kernel are 23 loads for 70 multiply-adds. Taps reach a sum
//! in the same order as in the other tiles, so it has the same bits.

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::activate::clip;
use super::tile::{Strip, StripFn};

/// Tiles of one row and `PX` pixels, for kernels of `K` columns.
struct Slide<'a, T, const K: usize, const PX: usize>(&'a Strip<T>);

impl<S: Simd, const K: usize, const PX: usize> Kernel<S> for Slide<'_, S::E, K, PX> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        if PX + K + 1 > 2 * S::TILE {
            return; // Never chosen; this saves its code.
        }
        for row in 0..self.0.height {
            for tile in 0..self.0.tiles {
                // SAFETY: handed on to the caller.
                let sums = unsafe { self.sums(s, row, tile) };
                // SAFETY: handed on to the caller.
                unsafe { self.finish(s, row, tile, sums) }
            }
        }
    }
}

impl<T: Element, const K: usize, const PX: usize> Slide<'_, T, K, PX> {
    /// # Safety
    ///
    /// The strip's input, weights and start are as long as its loops say.
    #[inline(always)]
    unsafe fn sums<S: Simd<E = T>>(&self, s: S, row: usize, tile: usize) -> [S::V; PX] {
        let d = self.0;
        // SAFETY: handed on to the caller.
        let mut sums = unsafe { self.start(s, row, tile) };
        let start = row * d.input_row + tile * PX;
        let mut weights = 0;
        for plane in 0..d.blocks.count {
            for tap_row in 0..d.rows.count {
                let at = start + plane * d.blocks.step + tap_row * d.rows.step;
                let mut w = [s.zero(); K];
                for w in &mut w {
                    // SAFETY: in bounds by the caller's promise.
                    *w = unsafe { d.weights.load(s, weights) };
                    weights += S::LANES;
                }
                for j in 0..PX + K - 1 {
                    // SAFETY: in bounds by the caller's promise.
                    let x = s.splat(unsafe { d.input.get(at + j) });
                    for (t, &w) in w.iter().enumerate() {
                        if j >= t && j - t < PX {
                            sums[j - t] = s.fma(w, x, sums[j - t]);
                        }
                    }
                }
            }
        }
        sums
    }

    /// # Safety
    ///
    /// As for `sums`.
    #[inline(always)]
    unsafe fn start<S: Simd<E = T>>(&self, s: S, row: usize, tile: usize) -> [S::V; PX] {
        let d = self.0;
        if let Some(start) = d.start {
            // SAFETY: in bounds by the caller's promise.
            return [unsafe { start.load(s, 0) }; PX];
        }
        let at = row * d.output_row + tile * PX * d.output_pixel;
        let mut sums = [s.zero(); PX];
        for (p, sum) in sums.iter_mut().enumerate() {
            // SAFETY: in bounds by the caller's promise.
            *sum = unsafe { d.output.to_in().load(s, at + p * d.output_pixel) };
        }
        sums
    }

    /// # Safety
    ///
    /// The strip's output and addend are as long as its sizes say.
    #[inline(always)]
    unsafe fn finish<S: Simd<E = T>>(&self, s: S, row: usize, tile: usize, sums: [S::V; PX]) {
        let d = self.0;
        let bounds = d.finish.bounds.vectors(s);
        for (p, mut sum) in sums.into_iter().enumerate() {
            let x = (tile * PX + p) * d.output_pixel;
            if let Some(addend) = d.finish.addend {
                // SAFETY: in bounds by the caller's promise.
                sum = s.add(sum, unsafe { addend.values.load(s, row * addend.row + x) });
            }
            // SAFETY: in bounds by the caller's promise.
            unsafe { d.output.store(s, row * d.output_row + x, clip(s, sum, bounds)) }
        }
    }
}

/// # Safety
///
/// As [`StripFn`].
unsafe fn strip<S: Simd, const K: usize, const PX: usize>(s: S, strip: &Strip<S::E>) {
    // SAFETY: handed on to the caller.
    unsafe { s.enter(&Slide::<S::E, K, PX>(strip)) }
}

/// The micro-kernel for kernels of `columns` columns and tiles of `pixels` pixels of
/// neighbouring numbers, if there is one.
pub(crate) fn kernel<S: Simd>(columns: usize, pixels: usize) -> Option<StripFn<S>> {
    if pixels + columns + 1 > 2 * S::TILE {
        return None;
    }
    Some(match (columns, pixels) {
        (3, 14) => strip::<S, 3, 14>,
        (3, 10) => strip::<S, 3, 10>,
        (3, 7) => strip::<S, 3, 7>,
        (5, 14) => strip::<S, 5, 14>,
        (5, 10) => strip::<S, 5, 10>,
        (5, 7) => strip::<S, 5, 7>,
        _ => return None,
    })
}
