//! Convolution from planes to planes, of horizontal stride 1.
//!
//! A tile is some output channels × one, two or four rows × one vector of pixels of
//! a row. A tap loads the pixels of each row, unaligned, and broadcasts a weight for
//! each channel:
//!
//! ```text
//! for each tap, of all input planes:
//!     x[r]      = input[row r, pixels + tap]       ROWS loads
//!     w         = weight[channel]                  OC broadcasts
//!     sum[c][r] += w · x[r]                        OC · ROWS multiply-adds
//! ```
//!
//! 6 × 2 are twelve sums against eight loads with 16 registers; with 32, 6 × 4 are 24
//! against ten. Where vectors do not divide a row the last one overlaps the one before
//! it, and computes some pixels again; so a row is no shorter than a vector.
//!
//! A pool behind it that gives the largest of 2×2 pixels is made of the sums where they
//! are, of two channels at a time: half a vector each. What lies between is never stored.
//! LeNet-5's first two layers took 2.4 µs one by one and take 2.0. (Bands of rows that
//! stay in the first-level cache, for a pool by itself to read, took 2.5.)

use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};
use crate::spec::{Axis, Dims, Extent, Pool};

use super::super::activate::{Fused, clip, value};
use super::super::conv::{ConvSizes, pack_bias};
use super::super::layout::Form;
use super::super::memory::{Buffer, In, Out};
use super::super::work::{Facts, Io, Work};

/// Output rows of a unit of work.
const BAND: usize = 16;
/// Output channels of a tile at most.
const CHANNELS: usize = 6;
/// Rows of a tile, with registers enough.
const ROWS: usize = 4;

/// A planar convolution, ready to run.
pub(crate) struct PlanarConv<T> {
    sizes: ConvSizes,
    fused: Fused,
    /// The result of the pool, if there is one.
    pool: Option<Form>,
    /// `[tile of channels][input][kernel row][kernel column][channel of the tile]`.
    weights: Buffer<T>,
    bias: Buffer<T>,
    /// From the first tap of a window to each, in all planes.
    taps: Vec<usize>,
    /// First channels of the tiles, and how many.
    tiles: Vec<(usize, usize)>,
}

impl<T: Element> PlanarConv<T> {
    /// With a pool of 2×2 pixels, if its result is given.
    pub(crate) fn new(
        sizes: ConvSizes,
        weights: &[T],
        bias: Option<&[T]>,
        fused: Fused,
        pool: Option<Form>,
    ) -> Self {
        let (inputs, outputs) = (sizes.input.c, sizes.output.c);
        let (tiles, terms) = (tiles(outputs), inputs * sizes.kernel.0 * sizes.kernel.1);
        let mut packed = Buffer::zeroed(outputs * terms);
        let mut to = packed.as_mut_slice().iter_mut();
        for &(first, count) in &tiles {
            let channels = first..first + count;
            let from = (0..terms).flat_map(|term| channels.clone().map(move |c| c * terms + term));
            for (from, to) in from.zip(&mut to) {
                *to = weights[from];
            }
        }
        let tap = |term: usize| {
            let (rest, column) = (term / sizes.kernel.1, term % sizes.kernel.1);
            let (plane, row) = (rest / sizes.kernel.0, rest % sizes.kernel.0);
            plane * sizes.input.block()
                + row * sizes.dilation.0 * sizes.input.row()
                + column * sizes.dilation.1
        };
        let (taps, bias) = ((0..terms).map(tap).collect(), pack_bias(bias, outputs));
        Self { sizes, fused, pool, weights: packed, bias, taps, tiles }
    }

    /// Rows and columns that somebody wants.
    fn wanted(&self) -> (usize, usize) {
        match self.pool {
            Some(Form { h, w, .. }) => (2 * h, 2 * w),
            None => (self.sizes.output.h, self.sizes.output.w),
        }
    }

    fn bands(&self) -> usize {
        self.wanted().0.div_ceil(BAND)
    }
}

/// Whether a pool takes part in a convolution before it that gives planes: the largest of
/// 2×2 pixels, a vector of them at least in a row.
pub(crate) const fn pools(pool: &Pool, output: Dims, lanes: usize) -> bool {
    let Dims::Image { w: Extent::Fixed(w), .. } = output else { return false };
    is_two(pool.window.h) && is_two(pool.window.w) && 2 * w >= lanes
}

const fn is_two(axis: Axis) -> bool {
    matches!(axis, Axis { kernel: 2, stride: 2, dilation: 1, .. })
}

/// The channels in tiles of 6, 4, 2 or 1: the fewest, then the most even.
fn tiles(channels: usize) -> Vec<(usize, usize)> {
    let (mut first, mut tiles) = (0, Vec::new());
    while first < channels {
        let count = match channels - first {
            8 => 4,
            CHANNELS.. => CHANNELS,
            4.. => 4,
            2.. => 2,
            _ => 1,
        };
        tiles.push((first, count));
        first += count;
    }
    tiles
}

/// The tiles of some channels, over some rows.
struct Tile<'a, T, const OC: usize> {
    of: &'a PlanarConv<T>,
    io: Io<T>,
    first: usize,
    rows: Range<usize>,
}

impl<S: Simd, const OC: usize> Kernel<S> for Tile<'_, S::E, OC> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        // What a tile needs is read here, once: the compiler can't know that no store of
        // a tile changes it, and would work it out again.
        let d = self.of.sizes;
        let to = self.of.pool.unwrap_or(d.output);
        let terms = self.of.taps.len();
        let loops = Loops {
            weights: In::new(self.of.weights.as_slice()).from(self.first * terms),
            bias: In::new(self.of.bias.as_slice()).from(self.first),
            bounds: self.of.fused.bounds().vectors(s),
            input: self.io.input,
            below: d.stride.0 * d.input.row(),
            taps: &self.of.taps,
            output: self.io.output,
            pooled: self.of.pool.is_some(),
            to: (to.block(), to.row()),
        };
        // (Of a pool, everything is half as far.)
        let half = if loops.pooled { 2 } else { 1 };
        let (mut y, width) = (self.rows.start, self.of.wanted().1);
        let mut from = d.input.padded_at(0, d.padding.0, d.padding.1) + y * loops.below;
        let mut at = to.at(self.first, y / half, 0);
        while y < self.rows.end {
            let rows = match self.rows.end - y {
                ROWS.. if S::TILE > 2 * CHANNELS => ROWS,
                2.. => 2,
                _ => 1,
            };
            for x in (0..width).step_by(S::LANES) {
                let x = x.min(width - S::LANES);
                // SAFETY: handed on to the caller.
                unsafe { loops.tile::<OC>(s, from + x, at + x / half, rows) }
            }
            y += rows;
            from += rows * loops.below;
            at += rows / half * loops.to.1;
        }
    }
}

/// What the loops of a tile run over.
struct Loops<'a, S: Simd> {
    /// From the tile's first channel on.
    weights: In<S::E>,
    bias: In<S::E>,
    bounds: (S::V, S::V),
    input: In<S::E>,
    /// From the input of an output row to that of the next.
    below: usize,
    taps: &'a [usize],
    output: Out<S::E>,
    pooled: bool,
    /// From an output plane to the next, and from a row.
    to: (usize, usize),
}

impl<S: Simd> Loops<'_, S> {
    /// # Safety
    ///
    /// A vector of pixels from `at` on exists in each of the rows of `OC` planes, and its
    /// taps from `from` on.
    #[inline(always)]
    unsafe fn tile<const OC: usize>(&self, s: S, from: usize, at: usize, rows: usize) {
        match rows {
            // SAFETY: handed on to the caller.
            ROWS if S::TILE > 2 * CHANNELS => unsafe { self.sums::<OC, ROWS>(s, from, at) },
            // SAFETY: as above.
            2 => unsafe { self.sums::<OC, 2>(s, from, at) },
            // SAFETY: as above.
            _ => unsafe { self.sums::<OC, 1>(s, from, at) },
        }
    }

    /// # Safety
    ///
    /// As for `tile`.
    #[inline(always)]
    unsafe fn sums<const OC: usize, const R: usize>(&self, s: S, from: usize, at: usize) {
        let mut sums = [[s.zero(); R]; OC];
        for (c, sums) in sums.iter_mut().enumerate() {
            // SAFETY: there is a bias for each channel.
            *sums = [s.splat(unsafe { self.bias.get(c) }); R];
        }
        let mut weight = 0;
        for &tap in self.taps {
            let mut pixels = [s.zero(); R];
            for (row, pixels) in pixels.iter_mut().enumerate() {
                // SAFETY: the input has the halo that the taps need.
                *pixels = unsafe { self.input.load(s, from + tap + row * self.below) };
            }
            for (c, sums) in sums.iter_mut().enumerate() {
                // SAFETY: there is a weight for each channel and tap.
                let w = s.splat(unsafe { self.weights.get(weight + c) });
                for (sum, x) in sums.iter_mut().zip(pixels) {
                    *sum = s.fma(w, x, *sum);
                }
            }
            weight += OC;
        }
        for sum in sums.as_flattened_mut() {
            *sum = clip(s, *sum, self.bounds);
        }
        if self.pooled {
            // SAFETY: handed on to the caller.
            return unsafe { self.pool(s, at, sums) };
        }
        for (c, sums) in sums.into_iter().enumerate() {
            for (row, sum) in sums.into_iter().enumerate() {
                let at = at + c * self.to.0 + row * self.to.1;
                // SAFETY: the pixels exist.
                unsafe { self.output.store(s, at, sum) }
            }
        }
    }

    /// The largest of each two pixels in two rows, for two channels at a time; taken in
    /// the order of the plain loops, for zeros and NaN.
    ///
    /// # Safety
    ///
    /// As for `tile`; `at` is where the pool's pixels go.
    #[inline(always)]
    unsafe fn pool<const OC: usize, const R: usize>(&self, s: S, at: usize, sums: [[S::V; R]; OC]) {
        for (pair, both) in sums.chunks(2).enumerate() {
            let (a, b) = (both[0], both[both.len() - 1]);
            for row in 0..R / 2 {
                let two = |y: usize| s.pick_max(s.odds(a[y], b[y]), s.evens(a[y], b[y]));
                let best = s.pick_max(two(2 * row + 1), two(2 * row));
                let at = at + 2 * pair * self.to.0 + row * self.to.1;
                // SAFETY: the pixels exist.
                unsafe { self.output.store_part(s, at, S::LANES / 2, best) }
                if both.len() == 2 {
                    // SAFETY: as above.
                    unsafe { self.output.store_rest(s, at + self.to.0, S::LANES / 2, best) }
                }
            }
        }
    }
}

/// An activation that is more than bounds, over the rows of some channels.
struct Longer<'a, T> {
    of: &'a PlanarConv<T>,
    io: Io<T>,
    channels: Range<usize>,
    rows: Range<usize>,
}

impl<S: Simd> Kernel<S> for Longer<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let (form, values) = (&self.of.sizes.output, self.io.output);
        let Some(function) = self.of.fused.longer() else { return };
        for channel in self.channels.clone() {
            for y in self.rows.clone() {
                for x in (0..form.w).step_by(S::LANES) {
                    let (at, count) = (form.at(channel, y, x), (form.w - x).min(S::LANES));
                    // SAFETY: the pixels exist.
                    let pixels = unsafe { values.to_in().load_part(s, at, count) };
                    let pixels = value(s, function, pixels);
                    // SAFETY: the pixels exist, and are this call's.
                    unsafe { values.store_part(s, at, count, pixels) }
                }
            }
        }
    }
}

impl<S: Simd> Work<S> for PlanarConv<S::E> {
    fn units(&self, _phase: usize) -> usize {
        self.tiles.len() * self.bands()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        let (of, io) = (self, *io);
        for unit in units {
            let (first, count) = self.tiles[unit / self.bands()];
            let start = unit % self.bands() * BAND;
            let rows = start..(start + BAND).min(self.wanted().0);
            let longer = Longer { of, io, channels: first..first + count, rows: rows.clone() };
            match count {
                // SAFETY: handed on to the caller; other units are other rows or channels.
                CHANNELS => unsafe { s.enter(&Tile::<_, CHANNELS> { of, io, first, rows }) },
                // SAFETY: as above.
                4 => unsafe { s.enter(&Tile::<_, 4> { of, io, first, rows }) },
                // SAFETY: as above.
                2 => unsafe { s.enter(&Tile::<_, 2> { of, io, first, rows }) },
                // SAFETY: as above.
                _ => unsafe { s.enter(&Tile::<_, 1> { of, io, first, rows }) },
            }
            if self.fused.longer().is_some() {
                // SAFETY: the rows and channels of this unit.
                unsafe { s.enter(&longer) }
            }
        }
    }

    fn facts(&self) -> Facts {
        let widest = self.tiles.iter().map(|tile| tile.1).max().unwrap_or(0);
        let weight_bytes = (self.weights.len() + self.bias.len()) * size_of::<S::E>();
        let rows = if S::TILE > 2 * CHANNELS { ROWS } else { 2 };
        let pool = if self.pool.is_some() { ", largest of 2×2" } else { "" };
        let tile = format!("{widest}×({rows}×{}){pool}", S::LANES);
        Facts { kernel: "planar", tile, weight_bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_few() {
        assert_eq!(tiles(6), [(0, 6)]);
        assert_eq!(tiles(8), [(0, 4), (4, 4)]);
        assert_eq!(tiles(5), [(0, 4), (4, 1)]);
        for channels in 0..40 {
            assert_eq!(tiles(channels).iter().map(|tile| tile.1).sum::<usize>(), channels);
        }
    }
}
