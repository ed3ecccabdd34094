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
//! row instead of the channels of a block. Only the tile is a constant, and whether
//! its pixels are neighbouring blocks in input and output, so that a broadcast or a store
//! is a displacement off one register; any other distance is a register of its own, which
//! costs a per cent or two. All loops are run-time loops. Constant bounds were tried: LLVM unrolls them
//! and spills.
//!
//! Programs are to be small, and there are some sixty tiles of each instruction set.
//! So what comes behind the sums is straight code that always clips, to infinity if
//! to nothing; and LLVM is told that no loop is empty, or it would make a second copy
//! of all of them. A tile that went over its sums in a loop was half as long again, and
//! networks up to 12 % slower.
//!
//! A [`Strip`] is a rectangle of tiles that share their weights while those are in
//! the first-level cache. It is gone through row by row: going down columns first
//! saved some loads from the second level, but scattered the stores of a first
//! layer's wide output over pages, and took half as long again.

use core::hint::assert_unchecked;

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::activate::{Bounds, clip};
use super::memory::{ALIGN, In, Out};

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

/// Weights to ask for ahead of their use, a little with each step of the reduction. A
/// burst at the start of each tile filled the miss buffers, and the tile's own loads
/// waited behind it (a third of the time at 7×7); some lines with each innermost run
/// still cost small networks up to 7 %.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ahead {
    /// Where they start, from the weights on.
    at: usize,
    /// How far with each step of the reduction.
    step: usize,
}

/// Cycles for which a cache line of weights is in use, from which on the hardware is early
/// enough with the next ones. (With half of it, AVX2 at 14×14 pixels had 88 % of its peak
/// instead of 95; twice as many made no difference that stood out.)
const LONG: usize = 384;

impl Ahead {
    /// Nothing.
    pub(crate) const NOTHING: Self = Self { at: 0, step: 0 };

    /// The `len` numbers behind the first `len`, over so many steps of tiles that have so
    /// many pixels in all.
    pub(crate) fn new<S: Simd>(len: usize, steps: usize, pixels: usize) -> Self {
        // Two multiply-adds a cycle, each with a vector of weights for a pixel.
        let cycles = pixels * ALIGN / (2 * S::LANES * size_of::<S::E>());
        if cycles > LONG {
            return Self::NOTHING;
        }
        Self { at: len, step: len.div_ceil(steps.max(1)) }
    }

    /// What is left to ask for behind so many steps.
    pub(crate) fn behind(self, steps: usize) -> Self {
        Self { at: self.at + steps * self.step, ..self }
    }

    /// Where to start, and how far it is to the next.
    #[inline(always)]
    pub(crate) const fn pace(self) -> (usize, usize) {
        (self.at, self.step)
    }
}

impl<T> Strip<T> {
    /// Steps of a tile.
    pub(crate) fn steps(&self) -> usize {
        self.blocks.count * self.rows.count * self.columns.count * self.run
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

impl<T: Element> Finish<T> {
    /// Nothing.
    pub(crate) fn none() -> Self {
        Self { addend: None, bounds: Bounds::none() }
    }
}

/// Tiles of `ROWS` rows and `PX` pixels in all; `NEXT` if those of a row lie next to each
/// other in input and output, in blocks, and not at a distance that is only known at run
/// time.
pub(crate) struct Tiles<
    'a,
    T,
    const OB: usize,
    const ROWS: usize,
    const PX: usize,
    const NEXT: bool,
>(pub(crate) &'a Strip<T>);

impl<S: Simd, const OB: usize, const ROWS: usize, const PX: usize, const NEXT: bool> Kernel<S>
    for Tiles<'_, S::E, OB, ROWS, PX, NEXT>
{
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        // `split` never chooses such a tile; this saves its code.
        if OB > widest(S::TILE) || PX > most(OB, S::TILE) {
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

impl<E: Element, const OB: usize, const ROWS: usize, const PX: usize, const NEXT: bool>
    Tiles<'_, E, OB, ROWS, PX, NEXT>
{
    /// Pixels of a row of the tile.
    const COLUMNS: usize = PX / ROWS;

    /// Calls `f` with the block, pixel and place of each sum of a tile, in a value whose
    /// rows and blocks are so far apart.
    #[inline(always)]
    fn each<S: Simd<E = E>>(
        &self,
        (row, tile): (usize, usize),
        (row_pitch, block_pitch): (usize, usize),
        mut f: impl FnMut(usize, usize, usize),
    ) {
        let pixel = if NEXT { S::LANES } else { self.0.output_pixel };
        let first = row * ROWS * row_pitch + tile * Self::COLUMNS * pixel;
        for b in 0..OB {
            for r in 0..ROWS {
                let mut at = first + b * block_pitch + r * row_pitch;
                for column in 0..Self::COLUMNS {
                    f(b, r * Self::COLUMNS + column, at);
                    at += pixel;
                }
            }
        }
    }

    /// # Safety
    ///
    /// The strip's input, weights and start are as long as its loops say.
    #[inline(always)]
    unsafe fn sums<S: Simd<E = E>>(&self, s: S, row: usize, tile: usize) -> [[S::V; PX]; OB] {
        let d = self.0;
        // SAFETY: handed on to the caller.
        let mut sums = unsafe { self.start(s, row, tile) };
        let pixel = if NEXT { S::LANES } else { d.pixel };
        let start = row * ROWS * d.input_row + tile * Self::COLUMNS * pixel;
        let mut weight = 0;
        let (mut ahead, pace) = d.ahead.behind((row * d.tiles + tile) * d.steps()).pace();
        // (LLVM makes another copy of the loops for each count that may be 0.)
        // SAFETY: a reduction has a term.
        unsafe { assert_unchecked(d.blocks.count > 0 && d.rows.count > 0 && d.columns.count > 0) }
        for block in 0..d.blocks.count {
            let run = if block + 1 == d.blocks.count { d.last_run } else { d.run };
            // SAFETY: as above.
            unsafe { assert_unchecked(run > 0) }
            for tap_row in 0..d.rows.count {
                let at = start + block * d.blocks.step + tap_row * d.rows.step;
                for tap in 0..d.columns.count {
                    let at = at + tap * d.columns.step;
                    for i in 0..run {
                        d.weights.prefetch(s, ahead);
                        ahead += pace;
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
        if let Some(start) = d.start {
            for (b, sums) in sums.iter_mut().enumerate() {
                // SAFETY: in bounds by the caller's promise.
                *sums = [unsafe { start.load(s, b * S::LANES) }; PX];
            }
        } else {
            let so_far = d.output.to_in();
            self.each::<S>((row, tile), (d.output_row, d.output_block), |b, p, at| {
                // SAFETY: in bounds by the caller's promise.
                sums[b][p] = unsafe { so_far.load(s, at) };
            });
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
        mut sums: [[S::V; PX]; OB],
    ) {
        let d = self.0;
        if let Some(addend) = d.finish.addend {
            self.each::<S>((row, tile), (addend.row, addend.block), |b, p, at| {
                // SAFETY: in bounds by the caller's promise.
                sums[b][p] = s.add(sums[b][p], unsafe { addend.values.load(s, at) });
            });
        }
        // (A copy, which stores can't change as far as LLVM knows.)
        let (output, bounds) = (d.output, d.finish.bounds.vectors(s));
        self.each::<S>((row, tile), (d.output_row, d.output_block), |b, p, at| {
            // SAFETY: in bounds by the caller's promise.
            unsafe { output.store(s, at, clip(s, sums[b][p], bounds)) }
        });
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
unsafe fn strip<S: Simd, const OB: usize, const ROWS: usize, const PX: usize, const NEXT: bool>(
    s: S,
    strip: &Strip<S::E>,
) {
    // SAFETY: handed on to the caller.
    unsafe { s.enter(&Tiles::<S::E, OB, ROWS, PX, NEXT>(strip)) }
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

/// Sums that keep the multipliers busy: latency 4, two ports, and one to spare.
pub(crate) const LEAST: usize = 9;

/// Blocks of a tile at most: 16 registers hold too few sums of three.
pub(crate) const fn widest(pair: usize) -> usize {
    if most(3, pair) * 3 > LEAST { MOST_BLOCKS } else { 2 }
}

/// Whether there is such a tile for registers like these. They hold it; and if it has
/// several rows it has half of the most pixels at least: one with fewer is worth its bytes
/// only where registers are fewer.
pub(crate) const fn fits(blocks: usize, (rows, columns): (usize, usize), pair: usize) -> bool {
    let (pixels, most) = (rows * columns, most(blocks, pair));
    blocks <= widest(pair) && pixels <= most && (rows == 1 || 2 * pixels >= most)
}

/// Tiles of these rows and columns: what there is, and the micro-kernel of one.
macro_rules! tiles {
    ($known:ident, $kernel:ident, [$($rows:literal $columns:literal),+]) => {
        const $known: &[(usize, usize)] = &[$(($rows, $columns)),+];

        fn $kernel<S: Simd, const OB: usize, const NEXT: bool>(
            (rows, columns): (usize, usize),
        ) -> StripFn<S> {
            match (rows, columns) {
                $(($rows, $columns) if fits(OB, ($rows, $columns), S::TILE) => {
                    strip::<S, OB, $rows, { $rows * $columns }, NEXT>
                })+
                _ => strip::<S, OB, 1, 1, NEXT>,
            }
        }
    };
}

// With pixels in blocks. A width that has no tile is two others: these are what is left
// of all that fit when those go that cost least, by the model of `split` over images of
// 1 to 224 pixels: 0.2 % in the mean with AVX-512, 1.1 with AVX2 (one block 0.5 and 1.9, half
// as long again at 5×5; where 32 registers are, `halves` has most layers of one block). With
// 4 × (3×2) six rows of four pixels and more are sixes alone: 4 × 6 has 94 % of the peak,
// 4 × 5 91 (25 pixels wide).
tiles!(ONES, ones, [1 14, 1 7, 1 6, 1 3, 1 2, 1 1, 2 7, 2 6, 3 3, 4 2]);
tiles!(PAIRS, pairs, [1 14, 1 7, 1 6, 1 5, 1 3, 1 2, 1 1, 2 7, 2 5, 2 3, 3 3, 3 2, 4 2, 4 1]);
tiles!(THREES, threes, [1 9, 1 4, 1 3, 1 2, 1 1, 2 4, 3 3]);
tiles!(FOURS, fours, [1 6, 1 5, 1 3, 1 2, 1 1, 2 3, 3 2]);
// The same for planes and strides, which are fewer layers.
tiles!(FEW_ONES, few_ones, [1 14, 1 10, 1 7, 1 5, 1 2, 1 1]);
tiles!(FEW_PAIRS, few_pairs, [1 14, 1 7, 1 6, 1 5, 1 2, 1 1]);
tiles!(FEW_THREES, few_threes, [1 9, 1 7, 1 4, 1 2, 1 1]);
tiles!(FEW_FOURS, few_fours, [1 6, 1 5, 1 4, 1 2, 1 1]);

/// Output blocks of a tile at most.
pub(crate) const MOST_BLOCKS: usize = 4;

/// Rows and columns of the tiles that there are for so many blocks.
pub(crate) fn known(blocks: usize, next: bool) -> &'static [(usize, usize)] {
    match (blocks, next) {
        (..=1, true) => ONES,
        (..=1, false) => FEW_ONES,
        (2, true) => PAIRS,
        (2, false) => FEW_PAIRS,
        (3, true) => THREES,
        (3, false) => FEW_THREES,
        (_, true) => FOURS,
        (_, false) => FEW_FOURS,
    }
}

/// The micro-kernel for `blocks` output blocks and a shape of [`known`].
pub(crate) fn kernel<S: Simd>(blocks: usize, shape: (usize, usize), next: bool) -> StripFn<S> {
    match (blocks, next) {
        (..=1, true) => ones::<S, 1, true>(shape),
        (..=1, false) => few_ones::<S, 1, false>(shape),
        (2, true) => pairs::<S, 2, true>(shape),
        (2, false) => few_pairs::<S, 2, false>(shape),
        (3, true) => threes::<S, 3, true>(shape),
        (3, false) => few_threes::<S, 3, false>(shape),
        (_, true) => fours::<S, 4, true>(shape),
        (_, false) => few_fours::<S, 4, false>(shape),
    }
}
