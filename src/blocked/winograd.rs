//! Winograd's minimal filtering for 3×3 kernels of stride 1 (Lavin and Gray,
//! "Fast algorithms for convolutional neural networks", 2016).
//!
//! A tile of 4×4 outputs comes from 6×6 inputs with 36 products a channel pair
//! instead of 144 (2×2 outputs: 16 instead of 36):
//!
//! ```text
//! output = Aᵀ [ Σ over inputs (G g Gᵀ) ⊙ (Bᵀ d B) ] A
//! ```
//!
//! The filters G g Gᵀ are transformed once, in double precision. A run goes
//! through the tiles in batches:
//!
//! ```text
//! for each batch of tiles                       (one unit of work)
//!   Bᵀ d B of its tiles, all input blocks       → [point][input block][tile][lane]
//!   for each group of output blocks
//!     for each of the 36 (16) points
//!       a product of matrices by register tiles → [point][output block][tile][lane]
//!     Aᵀ m A, bias, addend, bounds               → the output
//! ```
//!
//! For the register tile the tiles of a batch are the pixels of one row and a
//! point is a 1×1 convolution, so [`super::tile`] does it unchanged. Filters are
//! packed in the order in which that reads them. From 256 channels on all output
//! blocks are one group, so that a point's inputs are read once while they are in
//! the cache; below that, one bunch, so that the products stay there. Points lie
//! a cache line further apart than their size: powers of two between them would
//! put all 36 into the same cache sets.
//!
//! Which size wins was decided with cold weights: with warm ones F(4×4) is ahead
//! at 14×14 too, but its filters are 4 times the weights, F(2×2)'s 1.8 times.
//! F(6×6) gains 5 % at most over F(4×4) and loses digits. The L2 error is about
//! 5e-7 for F(2×2), up to 4.5e-6 for F(4×4); a plan without Winograd is exact to
//! the direct sum's rounding. Infinities in the input become NaN here.

mod matrices;
mod transforms;

use core::ops::Range;

use crate::isa::{Simd, Vectors, vectors};

use super::activate::Fused;
use super::choose::ConvKernel;
use super::conv::{ConvSizes, pack_bias};
use super::layout::max;
use super::memory::{Buffer, In, Out};
use super::split::{Bunches, Split, Taps};
use super::tile::{Ahead, Finish, Loop, Strip, most, widest};
use super::work::{Facts, Io, Scratch, See, Work};
use matrices::{pack, side, step};
use transforms::{TransformIn, TransformOut};

/// Tiles of a batch at most: fourteen register tiles of 6. More read the filters
/// less often; fewer keep what is transformed in the cache (56 took up to 7 % longer
/// from 128 channels on).
const BATCH: usize = 84;
/// Channels from which all output blocks are one group.
const ONE_GROUP: usize = 256;
/// Bytes of filters of a chunk: what the smallest first-level cache holds beside a row
/// of transformed inputs.
const CHUNK_BYTES: usize = 20 << 10;

/// Transform, products, transform.
const PHASES: usize = 3;

/// Whether Winograd can compute this convolution.
pub(crate) const fn can(sizes: &ConvSizes) -> bool {
    sizes.groups == 1
        && matches!(sizes.kernel, (3, 3))
        && matches!(sizes.stride, (1, 1))
        && matches!(sizes.dilation, (1, 1))
        && sizes.output.h > 0
        && sizes.output.w > 0
}

/// The form of Winograd that pays for these sizes, if one does.
///
/// Every filter value is used once a tile: with few tiles reading the larger
/// filters from memory costs more than the products save: below 36 of 4×4 (24×24),
/// and below 64 pixels for 2×2 (at 7×7 the direct sum takes 1.5 ms instead of 1.7, and
/// reads 9.4 MB instead of 16.8). With less than 32 channels on a side the transforms
/// cost too much.
pub(crate) const fn choose(sizes: &ConvSizes) -> Option<ConvKernel> {
    if !can(sizes) || sizes.input.c < 32 || sizes.output.c < 32 {
        None
    } else if tiles(sizes, 4) >= 36 {
        Some(ConvKernel::Winograd4)
    } else if sizes.output.h * sizes.output.w >= 64 {
        Some(ConvKernel::Winograd2)
    } else {
        None
    }
}

/// Tiles of n×n outputs.
const fn tiles(sizes: &ConvSizes, n: usize) -> usize {
    sizes.output.h.div_ceil(n) * sizes.output.w.div_ceil(n)
}

/// The scratch memory: what a batch is transformed into, and its products.
pub(crate) const fn scratch(
    sizes: &ConvSizes,
    four: bool,
    vectors: Vectors,
    threads: usize,
) -> Scratch {
    let plan = Batches::new(sizes, four, vectors, threads);
    let each = side(four) * side(four) * (plan.input_point + plan.product_point);
    // Phases share one batch.
    let units = if plan.phased { 1 } else { plan.tiles.div_ceil(plan.batch) };
    Scratch::new(each, threads, units)
}

/// A 3×3 convolution in Winograd's way, ready to run.
pub(crate) struct Winograd<S: Simd> {
    sizes: ConvSizes,
    fused: Fused,
    four: bool,
    /// `[group][point][bunch of output blocks][input][output]`.
    weights: Buffer<S::E>,
    bias: Buffer<S::E>,
    /// What products start from.
    zeros: Buffer<S::E>,
    plan: Batches,
    /// The register tiles of a full batch, and of the last.
    full: Split<S>,
    last: Split<S>,
}

/// How the tiles are gone through.
#[derive(Clone, Copy, Debug)]
struct Batches {
    /// Tiles of a row, and in all.
    across: usize,
    tiles: usize,
    /// Tiles of a batch.
    batch: usize,
    /// Output blocks that share a tile.
    bunches: Bunches,
    /// Whether all bunches are one group, or each one of its own.
    whole: bool,
    /// From a point to the next: of inputs, and of products.
    input_point: usize,
    product_point: usize,
    /// Input blocks of a chunk.
    chunk: usize,
    /// Whether a batch is shared by threads in phases, because there are fewer
    /// batches than would keep them busy.
    phased: bool,
}

impl Batches {
    const fn new(sizes: &ConvSizes, four: bool, vectors: Vectors, threads: usize) -> Self {
        let Vectors { lanes, tile, bytes } = vectors;
        let n = step(four);
        let tiles = tiles(sizes, n);
        let bunch = widest(tile);
        let tile = most(bunch, tile);
        let batch = tiles.div_ceil(tiles.div_ceil(BATCH)).next_multiple_of(tile);
        let batch = if batch < tiles { batch } else { max(tiles, 1) };
        let (inputs, outputs) = (sizes.input.blocks(), sizes.output.blocks());
        // Each thread wants several batches, or the last ones leave it idle.
        let phased = threads > 1 && tiles.div_ceil(batch) < 4 * threads;
        let whole = phased || max(sizes.input.c, sizes.output.c) >= ONE_GROUP;
        let bunches = Bunches::new(outputs, bunch);
        let group = if whole { outputs } else { bunches.most() };
        let line = 64 / bytes;
        let chunk = max(CHUNK_BYTES / (bunch * lanes * lanes * bytes), 1);
        Self {
            across: sizes.output.w.div_ceil(n),
            tiles,
            batch,
            bunches,
            whole,
            input_point: inputs * batch * lanes + line,
            product_point: group * batch * lanes + line,
            chunk: inputs.div_ceil(inputs.div_ceil(chunk)),
            phased,
        }
    }

    /// The output blocks of each group.
    fn groups(self) -> impl Iterator<Item = Range<usize>> {
        let Bunches { blocks, count } = self.bunches;
        let count = if self.whole { count.min(1) } else { count };
        Bunches { blocks, count }.iter()
    }

    /// The output blocks of each bunch of a group.
    fn bunches(self, group: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let (first, end) = (group.start, group.end);
        self.bunches.iter().filter(move |bunch| first <= bunch.start && bunch.end <= end)
    }
}

impl<S: Simd> Winograd<S> {
    pub(crate) fn new(
        sizes: ConvSizes,
        weights: &[S::E],
        bias: Option<&[S::E]>,
        fused: Fused,
        (four, threads): (bool, usize),
    ) -> Self {
        let plan = Batches::new(&sizes, four, vectors::<S>(), threads);
        let Batches { tiles, batch, bunches, .. } = plan;
        let taps = Taps { next: true, planar: false, columns: None, halves: None };
        let split = |tiles| Split::of(bunches, (tiles, 1), taps);
        Self {
            weights: pack(&sizes, weights, four, plan),
            bias: pack_bias(bias, sizes.output.blocks() * S::LANES),
            zeros: Buffer::zeroed(bunches.most() * S::LANES),
            full: split(batch),
            last: split(tiles - (tiles - 1) / batch * batch),
            sizes,
            fused,
            four,
            plan,
        }
    }

    fn points(&self) -> usize {
        side(self.four) * side(self.four)
    }

    /// # Safety
    ///
    /// As [`Work::run`].
    unsafe fn batch<const FOUR: bool>(&self, s: S, io: &Io<S::E>, batch: usize) {
        // SAFETY: handed on to the caller.
        unsafe { self.transform_in::<FOUR>(s, io, batch, 0..self.sizes.input.blocks()) }
        for group in self.plan.groups() {
            // SAFETY: handed on to the caller.
            unsafe { self.products(s, io, batch, &group, 0..self.points()) }
            // SAFETY: handed on to the caller.
            unsafe { self.transform_out::<FOUR>(s, io, batch, &group, group.clone()) }
        }
    }

    /// One phase of a batch that is shared by threads; all outputs are one group.
    ///
    /// # Safety
    ///
    /// As [`Work::run`].
    unsafe fn phase<const FOUR: bool>(
        &self,
        s: S,
        io: &Io<S::E>,
        phase: usize,
        units: Range<usize>,
    ) {
        let all = 0..self.sizes.output.blocks();
        match phase % PHASES {
            // SAFETY: handed on to the caller; each unit is another input block.
            0 => unsafe { self.transform_in::<FOUR>(s, io, phase / PHASES, units) },
            // SAFETY: as above, another point.
            1 => unsafe { self.products(s, io, phase / PHASES, &all, units) },
            // SAFETY: as above, another output block.
            _ => unsafe { self.transform_out::<FOUR>(s, io, phase / PHASES, &all, units) },
        }
    }

    /// The tiles of a batch.
    fn tiles(&self, batch: usize) -> Range<usize> {
        let start = batch * self.plan.batch;
        start..(start + self.plan.batch).min(self.plan.tiles)
    }

    /// The two halves of the scratch memory: transformed inputs, and products.
    fn halves(&self, io: &Io<S::E>) -> (Out<S::E>, Out<S::E>) {
        let inputs = self.points() * self.plan.input_point;
        (io.scratch.part(0, inputs), io.scratch.from(inputs))
    }

    /// # Safety
    ///
    /// As [`Work::run`].
    unsafe fn transform_in<const FOUR: bool>(
        &self,
        s: S,
        io: &Io<S::E>,
        batch: usize,
        blocks: Range<usize>,
    ) {
        let (inputs, _) = self.halves(io);
        let tiles = self.tiles(batch);
        let transform = TransformIn::<S, FOUR> { of: self, io: *io, inputs, tiles, blocks };
        // SAFETY: the scratch holds every point of the batch.
        unsafe { s.enter(&transform) }
    }

    /// # Safety
    ///
    /// As [`Work::run`]; the inputs of the batch have been transformed.
    unsafe fn products(
        &self,
        s: S,
        io: &Io<S::E>,
        batch: usize,
        group: &Range<usize>,
        points: Range<usize>,
    ) {
        let full = self.tiles(batch).len() == self.plan.batch;
        let split = if full { &self.full } else { &self.last };
        for point in points {
            // SAFETY: the scratch holds every point of the batch.
            unsafe { self.product(s, point, group, self.halves(io), split) }
        }
    }

    /// # Safety
    ///
    /// As [`Work::run`]; the products of the group are there.
    unsafe fn transform_out<const FOUR: bool>(
        &self,
        s: S,
        io: &Io<S::E>,
        batch: usize,
        group: &Range<usize>,
        blocks: Range<usize>,
    ) {
        let (_, products) = self.halves(io);
        let (tiles, first) = (self.tiles(batch), group.start);
        let transform =
            TransformOut::<S, FOUR> { of: self, io: *io, products, tiles, blocks, first };
        // SAFETY: the products of the group are there.
        unsafe { s.enter(&transform) }
    }

    /// One point of the batch for a group of output blocks.
    ///
    /// # Safety
    ///
    /// `inputs` and `products` are the two halves of a batch's scratch memory.
    unsafe fn product(
        &self,
        s: S,
        point: usize,
        group: &Range<usize>,
        (inputs, products): (Out<S::E>, Out<S::E>),
        split: &Split<S>,
    ) {
        let channels = self.sizes.input.c;
        let pitch = self.plan.batch * S::LANES;
        // Groups before this one, then points of this one.
        let before = group.start * self.points() + group.len() * point;
        let mut weights_at = before * channels * S::LANES;
        for bunch in self.plan.bunches(group) {
            let (pieces, count) = (split.pieces(bunch.len()), bunch.len());
            let to = point * self.plan.product_point + (bunch.start - group.start) * pitch;
            let mut first = 0;
            while first < self.sizes.input.blocks() {
                let chunk = self.plan.chunk.min(self.sizes.input.blocks() - first);
                let end = ((first + chunk) * S::LANES).min(channels);
                let len = (end - first * S::LANES) * count * S::LANES;
                let tiles: usize = pieces.iter().map(|piece| piece.tiles_of(1)).sum();
                let pixels = pieces.iter().map(|piece| piece.pixels_of(1)).sum();
                let mut strip = Strip {
                    input: inputs.to_in().from(point * self.plan.input_point + first * pitch),
                    pixel: S::LANES,
                    input_row: 0,
                    blocks: Loop { count: chunk, step: pitch },
                    rows: Loop::ONCE,
                    columns: Loop::ONCE,
                    run: S::LANES,
                    last_run: end - (first + chunk - 1) * S::LANES,
                    weights: In::new(self.weights.as_slice()).from(weights_at),
                    ahead: Ahead::new::<S>(len, tiles * chunk * S::LANES, pixels),
                    height: 1,
                    tiles: 1,
                    output: products.from(to),
                    output_row: 0,
                    output_pixel: S::LANES,
                    output_block: pitch,
                    start: (first == 0).then(|| In::new(self.zeros.as_slice())),
                    finish: Finish::none(),
                };
                let (input, output) = (strip.input, strip.output);
                for piece in pieces {
                    strip.input = input.from(piece.x * S::LANES);
                    strip.output = output.from(piece.x * S::LANES);
                    // SAFETY: the piece's tiles are in both halves.
                    unsafe { piece.run(s, strip, 1) }
                    strip.ahead = strip.ahead.behind(piece.tiles_of(1) * chunk * S::LANES);
                }
                weights_at += len;
                first += chunk;
            }
        }
    }
}

impl<S: Simd> Work<S> for Winograd<S> {
    fn each_weights(&mut self, see: See<'_, S::E>) {
        see(&mut self.weights);
    }

    fn phases(&self) -> usize {
        if self.plan.phased { PHASES * self.plan.tiles.div_ceil(self.plan.batch) } else { 1 }
    }

    fn units(&self, phase: usize) -> usize {
        match (self.plan.phased, phase % PHASES) {
            (false, _) => self.plan.tiles.div_ceil(self.plan.batch),
            (true, 0) => self.sizes.input.blocks(),
            (true, 1) => self.points(),
            (true, _) => self.sizes.output.blocks(),
        }
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, phase: usize, units: Range<usize>) {
        if self.plan.phased {
            if self.four {
                // SAFETY: handed on to the caller.
                unsafe { self.phase::<true>(s, io, phase, units) }
            } else {
                // SAFETY: as above.
                unsafe { self.phase::<false>(s, io, phase, units) }
            }
            return;
        }
        for unit in units {
            if self.four {
                // SAFETY: handed on to the caller; other units are other tiles.
                unsafe { self.batch::<true>(s, io, unit) }
            } else {
                // SAFETY: as above.
                unsafe { self.batch::<false>(s, io, unit) }
            }
        }
    }

    fn facts(&self) -> Facts {
        let (blocks, _, widest) = self.full.widest();
        let tile = alloc::format!("{blocks}×{widest}, {} tiles", self.plan.batch);
        let weight_bytes = (self.weights.len() + self.bias.len()) * size_of::<S::E>();
        let kernel = if self.four { "winograd 4×4" } else { "winograd 2×2" };
        Facts { kernel, tile, weight_bytes }
    }
}
