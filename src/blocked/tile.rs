//! The register tile: what every convolution and Winograd product ends in.
//!
//! A tile is `OB` blocks of output channels × `PX` output pixels of a row, all
//! in registers. One step of the reduction loads `OB` weight vectors, broadcasts
//! the same input channel of each pixel, and multiplies everything with
//! everything:
//!
//! ```text
//! for each input block, kernel row, kernel column, channel of the block:
//!     w[b]      = the next weights                        OB loads, streaming
//!     x         = input[pixel p + this tap, this channel] PX broadcasts
//!     sum[b][p] += w[b] · x                               OB · PX multiply-adds
//! ```
//!
//! Sums, the weights of a step and one input have to fit the registers, and loads
//! should be few: they wait for the caches, and share them with whoever else uses
//! the core. With 32 registers 4 × 6 and 3 × 9 are best, 10 loads for 24
//! multiply-adds and 12 for 27: 94 to 96 % of the peak on an Ice Lake, where 2 × 14
//! (16 for 28) got 82 to 90 and 1 × 14 half. 4 × 7 wants 33 registers and runs at half speed. With 16
//! registers it is 2 × 6.
//!
//! Where a row is narrower than a tile is wide, a tile covers some columns of two,
//! three or four rows: each row has a register of its own as its start. Which tiles
//! cover a layer is decided in [`super::split`].
//!
//! The same code reads planar input (a first layer of few channels): pixels are
//! then one number apart instead of a block, and the innermost run is a kernel
//! row instead of the channels of a block. Only the tile and the distance of
//! pixels are constants, the latter so that a broadcast is a displacement off
//! one register; all loops are run-time loops. Constant bounds were tried: LLVM
//! unrolls them and spills.
//!
//! A [`Strip`] is a rectangle of tiles that share their weights while those are in
//! the first-level cache. It is gone through row by row: going down columns first
//! saved some loads from the second level, but scattered the stores of a first
//! layer's wide output over pages, and took half as long again.

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::activate::{Bounds, clip};
use super::memory::{In, Out};

/// A rectangle of tiles.
#[derive(Clone, Copy)]
pub(crate) struct Strip<T> {
    /// What it reads, from the first tap of the first pixel on.
    pub(crate) input: In<T>,
    /// From a pixel to the next, where the tile does not fix it.
    pub(crate) pixel: usize,
    /// From a row of the strip to the next, in the input.
    pub(crate) input_row: usize,
    /// The outermost loop of the reduction: input blocks (or planes).
    pub(crate) blocks: Loop,
    /// Kernel rows.
    pub(crate) rows: Loop,
    /// Kernel columns.
    pub(crate) columns: Loop,
    /// Neighbours that the innermost loop runs over.
    pub(crate) run: usize,
    /// The same in the last input block.
    pub(crate) last_run: usize,

    /// Weights in the order of the loops, `OB` vectors each.
    pub(crate) weights: In<T>,
    /// What to ask for while these weights are used.
    pub(crate) ahead: Ahead,

    /// Tiles one below the other, and tiles of a row.
    pub(crate) height: usize,
    pub(crate) tiles: usize,
    /// What it writes, from the first pixel on.
    pub(crate) output: Out<T>,
    /// From a row to the next in the output, and from a pixel to the next.
    pub(crate) output_row: usize,
    pub(crate) output_pixel: usize,
    /// From an output block to the next.
    pub(crate) output_block: usize,
    /// What the sums start from; `None`: from what the output holds.
    pub(crate) start: Option<In<T>>,
    /// What is done with the finished sums.
    pub(crate) finish: Finish<T>,
}

/// Weights to ask for ahead of their use, some cache lines with each innermost
/// run: a burst at the start of each tile filled the miss buffers, and the tile's
/// own loads waited behind it (a third of the time at 7×7). Counting up to an end
/// instead of spreading evenly was tried: the comparison costs 3 %.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ahead {
    /// Where they start, from the weights on.
    pub(crate) at: usize,
    /// Lines with each run.
    pub(crate) lines: usize,
}

impl Ahead {
    /// The `len` numbers of `size` bytes behind the first `len`, over so many runs.
    pub(crate) fn new(len: usize, size: usize, runs: usize) -> Self {
        let lines = (len * size).div_ceil(64);
        // Where weights are used that often, the hardware is early enough.
        let few = 2 * lines < runs;
        Self { at: len, lines: if few { 0 } else { lines.div_ceil(runs.max(1)) } }
    }

    /// What is left to ask for behind so many runs.
    pub(crate) fn behind(self, runs: usize) -> Self {
        Self { at: self.at + runs * self.lines * LINE, ..self }
    }
}

/// Numbers of a cache line, if they are `f32`.
const LINE: usize = 16;

impl<T> Strip<T> {
    /// Innermost runs of a tile.
    pub(crate) fn runs(&self) -> usize {
        self.blocks.count * self.rows.count * self.columns.count
    }
}

/// One loop of the reduction: how often, and how far apart in the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loop {
    pub(crate) count: usize,
    pub(crate) step: usize,
}

impl Loop {
    /// Runs once.
    pub(crate) const ONCE: Self = Self { count: 1, step: 0 };
}

/// What comes after the sum: an addend of the output's shape, then bounds.
#[derive(Clone, Copy)]
pub(crate) struct Finish<T> {
    pub(crate) addend: Option<Addend<T>>,
    pub(crate) bounds: Bounds<T>,
}

/// An addend, from the strip's first pixel on.
#[derive(Clone, Copy)]
pub(crate) struct Addend<T> {
    pub(crate) values: In<T>,
    pub(crate) row: usize,
    pub(crate) block: usize,
}

impl<T> Finish<T> {
    /// Nothing.
    pub(crate) const fn none() -> Self {
        Self { addend: None, bounds: Bounds { least: None, most: None } }
    }
}

/// How far apart the pixels of a tile are.
pub(crate) mod pixels {
    /// Known at run time: [`super::Strip::pixel`].
    pub(crate) const OPEN: usize = 0;
    /// The channels of one block.
    pub(crate) const BLOCK: usize = 1;
    /// Two pixels: stride 2.
    pub(crate) const BLOCK_2: usize = 2;
    /// One number: a plane.
    pub(crate) const PLANE: usize = 3;
    /// Two numbers: a plane with stride 2.
    pub(crate) const PLANE_2: usize = 4;

    /// The constant for pixels `stride` apart in blocks of `lanes`.
    pub(crate) fn of(lanes: usize, stride: usize) -> usize {
        match (lanes > 1, stride) {
            (true, 1) => BLOCK,
            (true, 2) => BLOCK_2,
            (false, 1) => PLANE,
            (false, 2) => PLANE_2,
            _ => OPEN,
        }
    }
}

/// Tiles of `ROWS` rows and `PX` pixels in all.
pub(crate) struct Tiles<
    'a,
    T,
    const OB: usize,
    const ROWS: usize,
    const PX: usize,
    const STEP: usize,
>(pub(crate) &'a Strip<T>);

impl<S: Simd, const OB: usize, const ROWS: usize, const PX: usize, const STEP: usize> Kernel<S>
    for Tiles<'_, S::E, OB, ROWS, PX, STEP>
{
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        // `split` never chooses such a tile; this saves its code.
        if PX > most(OB, S::TILE) {
            return;
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

impl<E: Element, const OB: usize, const ROWS: usize, const PX: usize, const STEP: usize>
    Tiles<'_, E, OB, ROWS, PX, STEP>
{
    /// Pixels of a row of the tile.
    const COLUMNS: usize = PX / ROWS;

    /// From a pixel to the next, a constant but for [`pixels::OPEN`].
    #[inline(always)]
    fn pixel<S: Simd<E = E>>(&self) -> usize {
        match STEP {
            pixels::BLOCK => S::LANES,
            pixels::BLOCK_2 => 2 * S::LANES,
            pixels::PLANE => 1,
            pixels::PLANE_2 => 2,
            _ => self.0.pixel,
        }
    }

    /// Where a pixel of a tile is in a value whose rows are so far apart.
    #[inline(always)]
    fn at(&self, row: usize, tile: usize, p: usize, pitch: usize) -> usize {
        (row * ROWS + p / Self::COLUMNS) * pitch
            + (tile * Self::COLUMNS + p % Self::COLUMNS) * self.0.output_pixel
    }

    /// # Safety
    ///
    /// The strip's input, weights and start are as long as its loops say.
    #[inline(always)]
    unsafe fn sums<S: Simd<E = E>>(&self, s: S, row: usize, tile: usize) -> [[S::V; PX]; OB] {
        let d = self.0;
        // SAFETY: handed on to the caller.
        let mut sums = unsafe { self.start(s, row, tile) };
        let pixel = self.pixel::<S>();
        let start = row * ROWS * d.input_row + tile * Self::COLUMNS * pixel;
        let mut weight = 0;
        let mut ahead = d.ahead.behind((row * d.tiles + tile) * d.runs()).at;
        for block in 0..d.blocks.count {
            let run = if block + 1 == d.blocks.count { d.last_run } else { d.run };
            for tap_row in 0..d.rows.count {
                let at = start + block * d.blocks.step + tap_row * d.rows.step;
                for tap in 0..d.columns.count {
                    let at = at + tap * d.columns.step;
                    for _ in 0..d.ahead.lines {
                        d.weights.prefetch(s, ahead);
                        ahead += LINE;
                    }
                    for i in 0..run {
                        let mut w = [s.zero(); OB];
                        for (b, w) in w.iter_mut().enumerate() {
                            // SAFETY: in bounds by the caller's promise.
                            *w = unsafe { d.weights.load(s, weight + b * S::LANES) };
                        }
                        for p in 0..PX {
                            let own = p / Self::COLUMNS * d.input_row + p % Self::COLUMNS * pixel;
                            // SAFETY: in bounds by the caller's promise.
                            let x = s.splat(unsafe { d.input.get(at + own + i) });
                            for (w, sums) in w.iter().zip(&mut sums) {
                                sums[p] = s.fma(*w, x, sums[p]);
                            }
                        }
                        weight += OB * S::LANES;
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
    pub(crate) unsafe fn start<S: Simd<E = E>>(
        &self,
        s: S,
        row: usize,
        tile: usize,
    ) -> [[S::V; PX]; OB] {
        let d = self.0;
        let mut sums = [[s.zero(); PX]; OB];
        for (b, sums) in sums.iter_mut().enumerate() {
            for (p, sum) in sums.iter_mut().enumerate() {
                *sum = if let Some(start) = d.start {
                    // SAFETY: in bounds by the caller's promise.
                    unsafe { start.load(s, b * S::LANES) }
                } else {
                    let at = self.at(row, tile, p, d.output_row) + b * d.output_block;
                    // SAFETY: in bounds by the caller's promise.
                    unsafe { d.output.to_in().load(s, at) }
                };
            }
        }
        sums
    }

    /// # Safety
    ///
    /// The strip's output and addend are as long as its sizes say.
    #[inline(always)]
    pub(crate) unsafe fn finish<S: Simd<E = E>>(
        &self,
        s: S,
        row: usize,
        tile: usize,
        sums: [[S::V; PX]; OB],
    ) {
        let d = self.0;
        let bounds = d.finish.bounds.vectors(s);
        for (b, sums) in sums.into_iter().enumerate() {
            for (p, mut sum) in sums.into_iter().enumerate() {
                if let Some(addend) = d.finish.addend {
                    let at = self.at(row, tile, p, addend.row) + b * addend.block;
                    // SAFETY: in bounds by the caller's promise.
                    sum = s.add(sum, unsafe { addend.values.load(s, at) });
                }
                sum = clip(s, sum, bounds);
                let at = self.at(row, tile, p, d.output_row) + b * d.output_block;
                // SAFETY: in bounds by the caller's promise.
                unsafe { d.output.store(s, at, sum) }
            }
        }
    }
}

/// A micro-kernel: tiles of one width, number of blocks and pixel distance.
///
/// # Safety
///
/// The strip's buffers are as long as its loops and sizes say, and its output is
/// used by nobody else.
pub(crate) type StripFn<S> = unsafe fn(S, &Strip<<S as Simd>::E>);

/// # Safety
///
/// As [`StripFn`].
unsafe fn strip<S: Simd, const OB: usize, const ROWS: usize, const PX: usize, const STEP: usize>(
    s: S,
    strip: &Strip<S::E>,
) {
    // SAFETY: handed on to the caller.
    unsafe { s.enter(&Tiles::<S::E, OB, ROWS, PX, STEP>(strip)) }
}

/// Pixels of a tile of so many blocks at most, where one of two blocks has `pair`.
pub(crate) const fn most(blocks: usize, pair: usize) -> usize {
    // One is left to LLVM: 3 × 4 in 16, and 1 × 14, spill.
    let registers = 2 * pair + 3;
    let pixels = (registers - 1 - blocks) / blocks;
    if pixels < WIDEST { pixels } else { WIDEST }
}

/// More pixels than this LLVM no longer unrolls.
const WIDEST: usize = 14;

/// Tiles of these rows and columns: what there is, and the micro-kernel of one.
macro_rules! tiles {
    ($known:ident, $kernel:ident, [$($rows:literal $columns:literal),+]) => {
        const $known: &[(usize, usize)] = &[$(($rows, $columns)),+];

        fn $kernel<S: Simd, const OB: usize, const STEP: usize>(
            (rows, columns): (usize, usize),
        ) -> StripFn<S> {
            match (rows, columns) {
                $(($rows, $columns) => strip::<S, OB, $rows, { $rows * $columns }, STEP>,)+
                _ => strip::<S, OB, 1, 1, STEP>,
            }
        }
    };
}

// With pixels in blocks. Where a width has no tile it is two of others: the code
// would not earn its place.
tiles!(
    PAIRS,
    pairs,
    [
        1 14, 1 12, 1 10, 1 8, 1 7, 1 6, 1 5, 1 4, 1 3, 1 2, 1 1,
        2 7, 2 6, 2 5, 3 4, 2 4, 4 3, 3 3, 2 3, 4 2, 3 2, 4 1
    ]
);
tiles!(THREES, threes, [1 9, 1 8, 1 7, 1 6, 1 5, 1 4, 1 3, 1 2, 1 1, 2 4, 3 3, 2 3, 4 2, 3 2, 4 1]);
tiles!(FOURS, fours, [1 6, 1 5, 1 4, 1 3, 1 2, 1 1, 2 3, 3 2, 4 1]);
// The same for planes and longer strides, which are fewer layers.
tiles!(FEW_PAIRS, few_pairs, [1 14, 1 10, 1 7, 1 6, 1 4, 1 2, 1 1]);
tiles!(FEW_THREES, few_threes, [1 9, 1 7, 1 5, 1 4, 1 2, 1 1]);
tiles!(FEW_FOURS, few_fours, [1 6, 1 5, 1 4, 1 2, 1 1]);

/// Output blocks of a tile at most.
pub(crate) const MOST_BLOCKS: usize = 4;

/// Rows and columns of the tiles that there are for so many blocks.
pub(crate) fn known(blocks: usize, step: usize) -> &'static [(usize, usize)] {
    match (blocks, step == pixels::BLOCK || step == pixels::BLOCK_2) {
        (..=2, true) => PAIRS,
        (..=2, false) => FEW_PAIRS,
        (3, true) => THREES,
        (3, false) => FEW_THREES,
        (_, true) => FOURS,
        (_, false) => FEW_FOURS,
    }
}

/// The micro-kernel for `blocks` output blocks and a shape of [`known`].
pub(crate) fn kernel<S: Simd>(blocks: usize, shape: (usize, usize), step: usize) -> StripFn<S> {
    macro_rules! steps {
        ($blocks:literal, $all:ident, $few:ident) => {
            match step {
                pixels::BLOCK => $all::<S, $blocks, { pixels::BLOCK }>(shape),
                pixels::BLOCK_2 => $all::<S, $blocks, { pixels::BLOCK_2 }>(shape),
                pixels::PLANE => $few::<S, $blocks, { pixels::PLANE }>(shape),
                pixels::PLANE_2 => $few::<S, $blocks, { pixels::PLANE_2 }>(shape),
                _ => $few::<S, $blocks, { pixels::OPEN }>(shape),
            }
        };
    }
    match blocks {
        1 => steps!(1, pairs, few_pairs),
        2 => steps!(2, pairs, few_pairs),
        3 => steps!(3, threes, few_threes),
        _ => steps!(4, fours, few_fours),
    }
}
