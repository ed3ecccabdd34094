//! A register tile for planes: inputs slide past the weights of a kernel row.
//!
//! The tiles of [`super::tile`] broadcast an input for each tap and pixel, and start
//! a loop for each kernel row of three or five taps. But neighbouring pixels want the
//! same inputs under other taps. So the weights of a whole kernel row stay in
//! registers, and each input is broadcast once, for all its taps:
//!
//! ```text
//! for each plane, kernel row:
//!     w[t][b]         = weights of the row              K · OB loads
//!     for j in 0..PX + K − 1:
//!         x           = input[j]                        one broadcast
//!         sum[b][j−t] += w[t][b] · x    for the taps t  up to K · OB multiply-adds
//! ```
//!
//! One block × 14 pixels of a 5-wide kernel are 23 loads for 70 multiply-adds; two
//! blocks × 7 pixels of a 3-wide one 15 for 42. Taps reach a sum in the same order as
//! in the other tiles, so it has the same bits.

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::tile::{Strip, StripFn, Tiles};

/// Tiles of one row and `PX` pixels, for kernels of `K` columns.
struct Slide<'a, T, const OB: usize, const K: usize, const PX: usize>(&'a Strip<T>);

/// Whether the registers hold the sums, the weights of a kernel row and an input.
const fn fits(blocks: usize, columns: usize, pixels: usize, pair: usize) -> bool {
    blocks * (pixels + columns) < 2 * pair + 4
}

impl<S: Simd, const OB: usize, const K: usize, const PX: usize> Kernel<S>
    for Slide<'_, S::E, OB, K, PX>
{
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        if !fits(OB, K, PX, S::TILE) {
            return; // Never chosen; this saves its code.
        }
        // For what is before and behind the sums: its outputs are neighbours, too.
        let tiles = Tiles::<S::E, OB, 1, PX, true>(self.0);
        for row in 0..self.0.height {
            for tile in 0..self.0.tiles {
                // SAFETY: handed on to the caller.
                let sums = unsafe { tiles.start(s, row, tile) };
                // SAFETY: handed on to the caller.
                let sums = unsafe { self.add(s, row, tile, sums) };
                // SAFETY: handed on to the caller.
                unsafe { tiles.finish(s, row, tile, sums) }
            }
        }
    }
}

impl<T: Element, const OB: usize, const K: usize, const PX: usize> Slide<'_, T, OB, K, PX> {
    /// # Safety
    ///
    /// The strip's input and weights are as long as its loops say.
    #[inline(always)]
    unsafe fn add<S: Simd<E = T>>(
        &self,
        s: S,
        row: usize,
        tile: usize,
        mut sums: [[S::V; PX]; OB],
    ) -> [[S::V; PX]; OB] {
        let d = self.0;
        let start = row * d.input_row + tile * PX;
        let mut weights = 0;
        for plane in 0..d.blocks.count {
            for tap_row in 0..d.rows.count {
                let at = start + plane * d.blocks.step + tap_row * d.rows.step;
                let mut w = [[s.zero(); OB]; K];
                for (t, w) in w.iter_mut().enumerate() {
                    for (b, w) in w.iter_mut().enumerate() {
                        // SAFETY: in bounds by the caller's promise.
                        *w = unsafe { d.weights.load(s, weights + (t * OB + b) * S::LANES) };
                    }
                }
                weights += K * OB * S::LANES;
                for j in 0..PX + K - 1 {
                    // SAFETY: in bounds by the caller's promise.
                    let x = s.splat(unsafe { d.input.get(at + j) });
                    for (t, w) in w.iter().enumerate() {
                        if j >= t && j - t < PX {
                            for (&w, sums) in w.iter().zip(&mut sums) {
                                sums[j - t] = s.fma(w, x, sums[j - t]);
                            }
                        }
                    }
                }
            }
        }
        sums
    }
}

/// # Safety
///
/// As [`StripFn`].
unsafe fn strip<S: Simd, const OB: usize, const K: usize, const PX: usize>(
    s: S,
    strip: &Strip<S::E>,
) {
    // SAFETY: handed on to the caller.
    unsafe { s.enter(&Slide::<S::E, OB, K, PX>(strip)) }
}

/// The micro-kernel for `blocks` output blocks, kernels of `columns` columns, and
/// tiles of `pixels` pixels of neighbouring numbers, if there is one.
pub(crate) fn kernel<S: Simd>(blocks: usize, columns: usize, pixels: usize) -> Option<StripFn<S>> {
    if !fits(blocks, columns, pixels, S::TILE) {
        return None;
    }
    Some(match (blocks, columns, pixels) {
        (1, 3, 14) => strip::<S, 1, 3, 14>,
        (1, 3, 10) => strip::<S, 1, 3, 10>,
        (1, 3, 7) => strip::<S, 1, 3, 7>,
        (2, 3, 10) => strip::<S, 2, 3, 10>,
        (2, 3, 7) => strip::<S, 2, 3, 7>,
        (1, 5, 14) => strip::<S, 1, 5, 14>,
        (1, 5, 10) => strip::<S, 1, 5, 10>,
        (1, 5, 7) => strip::<S, 1, 5, 7>,
        (2, 5, 7) => strip::<S, 2, 5, 7>,
        _ => return None,
    })
}
