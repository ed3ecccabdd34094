//! A register tile for layers of few outputs, in half blocks.
//!
//! A tile of one block needs a load for each multiply-add, and one of two blocks of which
//! the second is half empty multiplies a quarter of its lanes for nothing. So here the lanes
//! are half as many outputs under two input channels each, which lie next to each other
//! and are broadcast as one number of twice the size:
//!
//! ```text
//! for each input block, kernel row, kernel column, two channels of the block:
//!     w[h]      = weights of half block h, [output][channel of the two]
//!     x         = both channels of pixel p + this tap, again and again
//!     sum[h][p] += w[h] · x
//! output        = neighbours in sum[h][p] added, two half blocks to a block
//! ```
//!
//! 16 outputs are tiles of 2 halves × 14 pixels, 16 loads for 28 multiply-adds instead of 15
//! for 14; 24 outputs 3 × 9, three quarters of the work of two blocks. An output is the sum of
//! two: every second channel from the first, and from the second on; so finite inputs near the
//! largest number may overflow where a sum in order does not, and the other way round.

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::conv::ConvSizes;
use super::memory::Buffer;
use super::tile::{Strip, StripFn, Tiles, most};

/// Whether registers hold these tiles: with 16 they are too few.
const fn able(pair: usize) -> bool {
    most(3, pair) >= 9
}

/// Half blocks of a layer, if that is how it had better run.
pub(crate) fn count<S: Simd>(sizes: &ConvSizes) -> Option<usize> {
    // One alone would be kernels of its own.
    let halves = sizes.output.c.div_ceil((S::LANES / 2).max(1)).max(2);
    let able = able(S::TILE) && sizes.groups == 1 && sizes.input.lanes > 1;
    let neighbours = sizes.stride.1 == 1 && sizes.phase.step.1 == 1;
    let pairs = sizes.input.c.is_multiple_of(2);
    (able && neighbours && pairs && halves <= 3).then_some(halves)
}

/// The weights as `[input block][kernel row][kernel column][two channels][half][output][channel]`.
pub(crate) fn pack<T: Element>(sizes: &ConvSizes, weights: &[T], halves: usize) -> Buffer<T> {
    let (inputs, outputs, lanes) = (sizes.input.c, sizes.output.c, sizes.output.lanes);
    let taps = sizes.kernel.0 * sizes.kernel.1;
    let mut packed = Buffer::zeroed(inputs / 2 * taps * halves * lanes);
    let mut to = packed.as_mut_slice().chunks_exact_mut(lanes);
    for first in (0..inputs).step_by(sizes.input.lanes) {
        let end = (first + sizes.input.lanes).min(inputs);
        for tap in 0..taps {
            for channel in (first..end).step_by(2) {
                for half in 0..halves {
                    let Some(to) = to.next() else { return packed };
                    for (lane, to) in to.iter_mut().enumerate() {
                        let (output, channel) = (half * lanes / 2 + lane / 2, channel + lane % 2);
                        if output < outputs {
                            *to = weights[(output * inputs + channel) * taps + tap];
                        }
                    }
                }
            }
        }
    }
    packed
}

/// Tiles of `HALVES` half blocks, which are `BLOCKS` blocks, × `PX` pixels of a row.
struct Halves<'a, T, const HALVES: usize, const BLOCKS: usize, const PX: usize>(&'a Strip<T>);

impl<S: Simd, const HALVES: usize, const BLOCKS: usize, const PX: usize> Kernel<S>
    for Halves<'_, S::E, HALVES, BLOCKS, PX>
{
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        if !able(S::TILE) {
            return; // Never chosen; this saves its code.
        }
        let tiles = Tiles::<S::E, BLOCKS, 1, PX, true>(self.0);
        for row in 0..self.0.height {
            for tile in 0..self.0.tiles {
                // SAFETY: handed on to the caller.
                let halves = unsafe { self.sums(s, row, tile) };
                let mut sums = [[s.zero(); PX]; BLOCKS];
                for (block, sums) in sums.iter_mut().enumerate() {
                    let start = match self.0.start {
                        // SAFETY: the start has a vector for each block.
                        Some(start) => unsafe { start.load(s, block * S::LANES) },
                        None => s.zero(),
                    };
                    for (p, sum) in sums.iter_mut().enumerate() {
                        let a = halves[2 * block][p];
                        let b = halves.get(2 * block + 1).map_or(s.zero(), |half| half[p]);
                        *sum = s.add(start, s.add(s.evens(a, b), s.odds(a, b)));
                    }
                }
                // SAFETY: handed on to the caller.
                unsafe { tiles.finish(s, row, tile, sums) }
            }
        }
    }
}

impl<T: Element, const HALVES: usize, const BLOCKS: usize, const PX: usize>
    Halves<'_, T, HALVES, BLOCKS, PX>
{
    /// # Safety
    ///
    /// The strip's input and weights are as long as its loops say, and its runs are even.
    #[inline(always)]
    unsafe fn sums<S: Simd<E = T>>(&self, s: S, row: usize, tile: usize) -> [[S::V; PX]; HALVES] {
        let d = self.0;
        // What adds nothing, to −0 either.
        let mut sums = [[s.splat(-T::zero()); PX]; HALVES];
        let start = row * d.input_row + tile * PX * S::LANES;
        let mut weight = 0;
        let (mut ahead, pace) = d.ahead.behind((row * d.tiles + tile) * d.steps()).pace();
        for block in 0..d.blocks.count {
            let run = if block + 1 == d.blocks.count { d.last_run } else { d.run };
            for tap_row in 0..d.rows.count {
                let at = start + block * d.blocks.step + tap_row * d.rows.step;
                for tap in 0..d.columns.count {
                    let at = at + tap * d.columns.step;
                    for i in (0..run).step_by(2) {
                        d.weights.prefetch(s, ahead);
                        ahead += 2 * pace;
                        let mut w = [s.zero(); HALVES];
                        for (h, w) in w.iter_mut().enumerate() {
                            // SAFETY: in bounds by the caller's promise.
                            *w = unsafe { d.weights.load(s, weight + h * S::LANES) };
                        }
                        for p in 0..PX {
                            // SAFETY: in bounds by the caller's promise.
                            let x = unsafe { d.input.splat_pair(s, at + p * S::LANES + i) };
                            for (w, sums) in w.iter().zip(&mut sums) {
                                sums[p] = s.fma(*w, x, sums[p]);
                            }
                        }
                        weight += HALVES * S::LANES;
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
unsafe fn strip<S: Simd, const HALVES: usize, const BLOCKS: usize, const PX: usize>(
    s: S,
    strip: &Strip<S::E>,
) {
    // SAFETY: handed on to the caller.
    unsafe { s.enter(&Halves::<S::E, HALVES, BLOCKS, PX>(strip)) }
}

/// Rows and columns of the tiles that there are for so many half blocks.
pub(crate) const fn known(halves: usize) -> &'static [(usize, usize)] {
    match halves {
        ..=2 => &[(1, 14), (1, 7), (1, 3), (1, 1)],
        _ => &[(1, 9), (1, 4), (1, 1)],
    }
}

/// The micro-kernel for so many half blocks and some columns of [`known`].
pub(crate) fn kernel<S: Simd>(halves: usize, columns: usize) -> StripFn<S> {
    match (halves, columns) {
        (..=2, 14) => strip::<S, 2, 1, 14>,
        (..=2, 7) => strip::<S, 2, 1, 7>,
        (..=2, 3) => strip::<S, 2, 1, 3>,
        (..=2, _) => strip::<S, 2, 1, 1>,
        (_, 9) => strip::<S, 3, 2, 9>,
        (_, 4) => strip::<S, 3, 2, 4>,
        _ => strip::<S, 3, 2, 1>,
    }
}
