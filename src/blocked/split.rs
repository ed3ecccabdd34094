//! Which register tiles cover a layer: output blocks in bunches, pixels in pieces.
//!
//! The weights of a bunch are packed together, and its tiles have as many blocks as
//! the bunch. A layer of ten blocks is bunches of 4, 3 and 3, or five of 2: what
//! costs least for its rows and columns, by a model of one step of a tile (`cost`).
//! Rows that are narrower than a tile is wide are covered by tiles of several rows, so
//! 7×7 pixels can be tiles of 2 rows × 7 and 3×3 one tile.

use alloc::vec::Vec;
use core::ops::Range;

use crate::isa::Simd;

use super::tile::{LEAST, MOST_BLOCKS, Strip, StripFn, fits, kernel, known};
use super::{halves, slide};

/// Output blocks in bunches as even as can be, the larger ones first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bunches {
    pub(crate) blocks: usize,
    pub(crate) count: usize,
}

impl Bunches {
    /// Bunches of `most` blocks and fewer.
    pub(crate) const fn new(blocks: usize, most: usize) -> Self {
        Self { blocks, count: blocks.div_ceil(most) }
    }

    /// The blocks of a bunch.
    pub(crate) const fn range(self, bunch: usize) -> Range<usize> {
        let (each, larger) = (self.blocks / self.count, self.blocks % self.count);
        let start = bunch * each + if bunch < larger { bunch } else { larger };
        start..start + each + (bunch < larger) as usize
    }

    /// The blocks of every bunch.
    pub(crate) fn iter(self) -> impl Iterator<Item = Range<usize>> {
        (0..self.count).map(move |bunch| self.range(bunch))
    }

    /// Blocks of the largest.
    pub(crate) const fn most(self) -> usize {
        if self.count == 0 { 0 } else { self.blocks.div_ceil(self.count) }
    }
}

/// The tiles of a layer.
pub(crate) struct Split<S: Simd> {
    pub(crate) bunches: Bunches,
    /// Half blocks, where tiles are of those ([`Taps::halves`]).
    pub(crate) halves: Option<usize>,
    /// The pieces for bunches of so many blocks, less one.
    pieces: [Vec<Piece<S>>; MOST_BLOCKS],
}

impl<S: Simd> Split<S> {
    /// The split of `blocks` output blocks, and of rows of `width` pixels in bands of
    /// `height`, that costs least, in bunches of `most` blocks at most.
    pub(crate) fn new(blocks: usize, size: (usize, usize), taps: Taps, most: usize) -> Self {
        let least = if taps.halves.is_some() { blocks.max(1) } else { 1 };
        let all = (least..=most).map(|most| Bunches::new(blocks, most));
        let total = |bunches: &Bunches| -> usize {
            bunches.iter().map(|range| shapes::<S>(range.len(), size, taps).0).sum()
        };
        let bunches = all.min_by_key(total).unwrap_or(Bunches::new(blocks, 1));
        Self::of(bunches, size, taps)
    }

    /// The pieces of these bunches.
    pub(crate) fn of(bunches: Bunches, size: (usize, usize), taps: Taps) -> Self {
        let mut pieces = [const { Vec::new() }; MOST_BLOCKS];
        for len in [bunches.most(), bunches.most().saturating_sub(1)] {
            if len > 0 {
                pieces[len - 1] = cover(len, size, taps);
            }
        }
        Self { bunches, halves: taps.halves, pieces }
    }

    /// What covers the pixels for so many output blocks.
    pub(crate) fn pieces(&self, blocks: usize) -> &[Piece<S>] {
        &self.pieces[blocks - 1]
    }

    /// The widest tile: blocks, rows, columns.
    pub(crate) fn widest(&self) -> (usize, usize, usize) {
        let blocks = self.bunches.most();
        let tiles = self.pieces.get(blocks.wrapping_sub(1)).into_iter().flatten();
        let (rows, columns) = tiles
            .map(|piece| (piece.rows, piece.width))
            .max_by_key(|t| t.0 * t.1)
            .unwrap_or((0, 0));
        (blocks, rows, columns)
    }
}

/// How a layer reads its input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taps {
    /// Whether the pixels of a tile are blocks next to each other, in input and output.
    pub(crate) next: bool,
    /// Whether it reads planes, in runs as short as a kernel row.
    pub(crate) planar: bool,
    /// Columns of the kernel, where inputs may [slide past](slide) them: neighbours
    /// in a plane, and in the output.
    pub(crate) columns: Option<usize>,
    /// Half blocks, where outputs are so few that tiles are of those ([`halves`]).
    pub(crate) halves: Option<usize>,
}

impl Taps {
    /// The sliding tile of one row, if there is one.
    fn slide<S: Simd>(self, blocks: usize, pixels: usize) -> Option<StripFn<S>> {
        slide::kernel(blocks, self.columns?, pixels)
    }

    /// What runs tiles of one row.
    fn row<S: Simd>(self, blocks: usize, width: usize) -> StripFn<S> {
        match (self.halves, self.slide(blocks, width)) {
            (Some(halves), _) => halves::kernel::<S>(halves, width),
            (None, Some(slide)) => slide,
            (None, None) => kernel::<S>(blocks, (1, width), self.next),
        }
    }

    /// Rows and columns of the tiles that there are.
    fn known(self, blocks: usize) -> &'static [(usize, usize)] {
        self.halves.map_or_else(|| known(blocks, self.next), halves::known)
    }

    /// What a step of a tile costs, in quarters of a multiply-add: its multiply-adds
    /// but no less than [`LEAST`], its loads, which mostly run beside them, and something
    /// for the tile; in a plane for the short loop over a kernel row, too.
    fn cost<S: Simd>(self, blocks: usize, (rows, width): (usize, usize)) -> usize {
        let (pixels, blocks) = (rows * width, self.halves.unwrap_or(blocks));
        let sums = 4 * (blocks * pixels).max(LEAST) + 4;
        match self.columns {
            Some(columns) if rows == 1 && self.slide::<S>(blocks, width).is_some() => {
                sums + blocks + pixels.div_ceil(columns)
            }
            _ if self.planar => sums + blocks + pixels + 8,
            _ => sums + blocks + pixels,
        }
    }
}

/// Some columns: where they start, tiles of how many rows and columns, how many
/// beside each other, and what runs them. The rows that are left over go one by one.
pub(crate) struct Piece<S: Simd> {
    pub(crate) x: usize,
    rows: usize,
    width: usize,
    tiles: usize,
    run: StripFn<S>,
    rest: StripFn<S>,
}

impl<S: Simd> Piece<S> {
    /// Tiles of `height` rows.
    pub(crate) fn tiles_of(&self, height: usize) -> usize {
        self.tiles * (height / self.rows + height % self.rows)
    }

    /// Pixels of so many rows.
    pub(crate) fn pixels_of(&self, height: usize) -> usize {
        self.tiles * self.width * height
    }

    /// Runs the piece on `height` rows of a strip that starts at its first pixel.
    ///
    /// # Safety
    ///
    /// As [`StripFn`].
    pub(crate) unsafe fn run(&self, s: S, mut strip: Strip<S::E>, height: usize) {
        strip.tiles = self.tiles;
        strip.height = height / self.rows;
        // SAFETY: handed on to the caller.
        unsafe { (self.run)(s, &strip) }
        let done = strip.height * self.rows;
        if done < height {
            strip.ahead = strip.ahead.behind(strip.steps() * strip.height * self.tiles);
            strip.height = height - done;
            strip.input = strip.input.from(done * strip.input_row);
            strip.output = strip.output.from(done * strip.output_row);
            if let Some(addend) = &mut strip.finish.addend {
                addend.values = addend.values.from(done * addend.row);
            }
            // SAFETY: handed on to the caller.
            unsafe { (self.rest)(s, &strip) }
        }
    }
}

/// The pieces for tiles of so many blocks.
fn cover<S: Simd>(blocks: usize, size: (usize, usize), taps: Taps) -> Vec<Piece<S>> {
    let mut x = 0;
    let mut pieces: Vec<Piece<S>> = Vec::new();
    for (rows, width) in shapes::<S>(blocks, size, taps).1 {
        match pieces.last_mut() {
            Some(piece) if (piece.rows, piece.width) == (rows, width) => piece.tiles += 1,
            _ => {
                let row = taps.row(blocks, width);
                let high = || kernel::<S>(blocks, (rows, width), taps.next);
                let (run, rest) = (if rows == 1 { row } else { high() }, row);
                pieces.push(Piece { x, rows, width, tiles: 1, run, rest });
            }
        }
        x += width;
    }
    pieces
}

/// Rows and columns of the tiles beside each other that cover `width` × `height`
/// pixels at the least total cost, and that cost.
fn shapes<S: Simd>(
    blocks: usize,
    (width, height): (usize, usize),
    taps: Taps,
) -> (usize, Vec<(usize, usize)>) {
    let vectors = taps.halves.unwrap_or(blocks);
    let shapes: Vec<(usize, usize, usize)> = taps
        .known(blocks)
        .iter()
        .filter(|&&shape| fits(vectors, shape, S::TILE) && shape.0 <= height.max(1))
        .map(|&(rows, columns)| {
            let cost = |rows| taps.cost::<S>(blocks, (rows, columns));
            let (whole, single) = (cost(rows), cost(1));
            (height / rows * whole + height % rows * single, rows, columns)
        })
        .collect();
    cheapest(&shapes, width)
}

/// The shapes, each at its cost, that cover a width at the least total cost.
fn cheapest(shapes: &[(usize, usize, usize)], width: usize) -> (usize, Vec<(usize, usize)>) {
    let mut best = alloc::vec![(0, 0, 0); width + 1];
    for n in 1..=width {
        let options = shapes.iter().filter(|&&(.., columns)| columns <= n);
        let total = |&(each, rows, columns): &(usize, usize, usize)| {
            (best[n - columns].0 + each, rows, columns)
        };
        best[n] = options.map(total).min().unwrap_or((0, 1, 1));
    }
    let (mut chosen, mut left) = (Vec::new(), width);
    while left > 0 {
        let (_, rows, columns) = best[left];
        // The large ones first.
        let at = chosen.partition_point(|&other| other >= (rows, columns));
        chosen.insert(at, (rows, columns));
        left -= columns;
    }
    (best[width].0, chosen)
}

#[cfg(test)]
mod tests {
    use super::super::tile::{most, widest};
    use super::*;
    use crate::isa::Portable;

    const BLOCKS: Taps = Taps { next: true, planar: false, columns: None, halves: None };
    const PLANES: Taps = Taps { next: false, planar: true, columns: None, halves: None };

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn rows_are_split_into_few_wide_tiles() {
        use crate::isa::{Avx2, Avx512};
        let wide = |blocks, size| shapes::<Avx512>(blocks, size, BLOCKS).1;
        assert_eq!(wide(2, (224, 1)), [(1, 14); 16]);
        assert_eq!(wide(2, (7, 7)), [(2, 7)]);
        assert_eq!(wide(2, (7, 1)), [(1, 7)]);
        assert_eq!(wide(2, (3, 4)), [(3, 3)]);
        assert_eq!(wide(2, (3, 3)), [(3, 3)]);
        assert_eq!(wide(4, (12, 1)), [(1, 6); 2]);
        assert_eq!(wide(4, (3, 4)), [(2, 3)]);
        for width in 4..60 {
            let tiles = wide(4, (width, 6));
            assert!(tiles.iter().all(|(rows, columns)| rows * columns == 6), "{width}: {tiles:?}");
        }
        assert_eq!(shapes::<Avx2>(2, (12, 1), BLOCKS).1, [(1, 6); 2]);
        for blocks in 1..=MOST_BLOCKS {
            covered::<Avx512>(blocks);
        }
    }

    #[test]
    fn tiles_cover_a_row_once() {
        for blocks in 1..=widest(Portable::<f32>::TILE) {
            covered::<Portable<f32>>(blocks);
        }
    }

    fn covered<S: Simd>(blocks: usize) {
        for width in 0..60 {
            for height in [1, 2, 3, 4, 7, 13] {
                for taps in [BLOCKS, PLANES, Taps { columns: Some(3), ..PLANES }] {
                    let shapes = shapes::<S>(blocks, (width, height), taps).1;
                    assert_eq!(shapes.iter().map(|shape| shape.1).sum::<usize>(), width);
                    assert!(shapes.iter().all(|s| s.0 * s.1 <= most(blocks, S::TILE)));
                }
            }
        }
    }

    #[test]
    fn every_tile_of_rows_has_one_of_one_row() {
        for (blocks, next) in (1..=MOST_BLOCKS).flat_map(|b| [(b, true), (b, false)]) {
            let known = known(blocks, next);
            assert!(known.iter().all(|&(_, columns)| known.contains(&(1, columns))));
            assert!(known.contains(&(1, 1)));
        }
    }

    #[test]
    fn bunches_hold_every_block_once() {
        for blocks in 0..40 {
            for most in 1..=MOST_BLOCKS {
                let bunches = Bunches::new(blocks, most);
                assert!(bunches.most() <= most);
                let mut next = 0;
                for range in bunches.iter() {
                    assert!(range.start == next && !range.is_empty());
                    assert!(range.len() + 1 >= bunches.most());
                    next = range.end;
                }
                assert_eq!(next, blocks);
            }
        }
    }
}
