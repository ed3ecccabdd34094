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
//!     Aᵀ m A, bias, addend, ReLU                → the output
//! ```
//!
//! For the register tile the tiles of a batch are the pixels of one row and a
//! point is a 1×1 convolution, so [`super::tile`] does it unchanged. Filters are
//! packed in the order in which that reads them. From 256 channels on all output
//! blocks are one group, so that a point's inputs are read once while they are in
//! the cache; below that, two blocks, so that the products stay there. Points lie
//! a cache line further apart than their size: powers of two between them would
//! put all 36 into the same cache sets.
//!
//! Which size wins was decided with cold weights: with warm ones F(4×4) is ahead
//! at 14×14 too, but its filters are 4 times the weights, F(2×2)'s 1.8 times.
//! F(6×6) gains 5 % at most over F(4×4) and loses digits. The L2 error is about
//! 5e-7 for F(2×2), up to 4.5e-6 for F(4×4); a plan without Winograd is exact to
//! the direct sum's rounding. Infinities in the input become NaN here.

use alloc::vec::Vec;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};

use super::choose::ConvKernel;
use super::conv::{ConvSizes, Fused, pack_bias};
use super::layout::Form;
use super::memory::{Buffer, In, Out};
use super::tile::{Ahead, Finish, Loop, Piece, Strip, pixels, split};
use super::window::finish;
use super::work::{Facts, Io, Work};

/// Tiles of a batch at most: four register tiles of 14. More read the filters
/// less often; fewer keep what is transformed in the cache.
const BATCH: usize = 56;
/// Channels from which all output blocks are one group.
const ONE_GROUP: usize = 256;
/// Bytes of filters of a chunk: as for direct convolution.
const CHUNK_BYTES: usize = 20 << 10;

/// Whether Winograd can compute this convolution.
pub(crate) fn can(sizes: &ConvSizes) -> bool {
    sizes.groups == 1
        && sizes.kernel == (3, 3)
        && sizes.stride == (1, 1)
        && sizes.dilation == (1, 1)
        && sizes.output.h > 0
        && sizes.output.w > 0
}

/// The form of Winograd that pays for these sizes, if one does.
///
/// Every filter value is used once a tile: below 49 tiles (28×28 in 4×4 steps,
/// 14×14 in 2×2 steps) reading the larger filters from memory costs more than
/// the products save. With less than 32 channels on a side the transforms do.
pub(crate) fn choose(sizes: &ConvSizes) -> Option<ConvKernel> {
    let tiles = |n: usize| sizes.output.h.div_ceil(n) * sizes.output.w.div_ceil(n);
    if !can(sizes) || sizes.input.c < 32 || sizes.output.c < 32 {
        None
    } else if tiles(4) >= 49 {
        Some(ConvKernel::Winograd4)
    } else if tiles(2) >= 49 {
        Some(ConvKernel::Winograd2)
    } else {
        None
    }
}

/// Inputs along a side of a tile.
const fn side(four: bool) -> usize {
    if four { 6 } else { 4 }
}

/// Outputs along a side of a tile.
const fn step(four: bool) -> usize {
    if four { 4 } else { 2 }
}

/// Bᵀ times a column.
#[inline(always)]
fn input_side<S: Simd, const FOUR: bool>(s: S, d: [S::V; 6]) -> [S::V; 6] {
    if !FOUR {
        let zero = d[5];
        return [s.sub(d[0], d[2]), s.add(d[1], d[2]), s.sub(d[2], d[1]), s.sub(d[1], d[3]), zero, zero];
    }
    let number = |x: f64| s.splat(S::E::from_double(x));
    let a = s.fma(number(-4.0), d[2], d[4]);
    let b = s.fma(number(-4.0), d[1], d[3]);
    let c = s.sub(d[4], d[2]);
    let e = s.mul(number(2.0), s.sub(d[3], d[1]));
    let first = s.fma(number(4.0), d[0], s.fma(number(-5.0), d[2], d[4]));
    let last = s.fma(number(4.0), d[1], s.fma(number(-5.0), d[3], d[5]));
    [first, s.add(a, b), s.sub(a, b), s.add(c, e), s.sub(c, e), last]
}

/// Aᵀ times a column.
#[inline(always)]
fn output_side<S: Simd, const FOUR: bool>(s: S, m: [S::V; 6]) -> [S::V; 4] {
    let (a, b) = (s.add(m[1], m[2]), s.sub(m[1], m[2]));
    if !FOUR {
        return [s.add(m[0], a), s.sub(b, m[3]), m[5], m[5]];
    }
    let number = |x: f64| s.splat(S::E::from_double(x));
    let (c, d) = (s.add(m[3], m[4]), s.sub(m[3], m[4]));
    [
        s.add(s.add(m[0], a), c),
        s.fma(number(2.0), d, b),
        s.fma(number(4.0), c, a),
        s.fma(number(8.0), d, s.add(b, m[5])),
    ]
}

/// G g Gᵀ of one 3×3 filter, `side`² points.
fn filter(four: bool, g: [f64; 9]) -> [f64; 36] {
    const FOUR: [[f64; 3]; 6] = [
        [1.0 / 4.0, 0.0, 0.0],
        [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
        [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
        [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
        [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
        [0.0, 0.0, 1.0],
    ];
    const TWO: [[f64; 3]; 4] = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]];
    let rows: &[[f64; 3]] = if four { &FOUR } else { &TWO };
    let mut points = [0.0; 36];
    for (i, down) in rows.iter().enumerate() {
        let line: [f64; 3] =
            core::array::from_fn(|x| (0..3).map(|y| down[y] * g[3 * y + x]).sum::<f64>());
        for (j, along) in rows.iter().enumerate() {
            points[i * rows.len() + j] = (0..3).map(|x| line[x] * along[x]).sum();
        }
    }
    points
}

/// A 3×3 convolution in Winograd's way, ready to run.
pub(crate) struct Winograd<S: Simd> {
    sizes: ConvSizes,
    fused: Fused,
    four: bool,
    /// `[group][point][two output blocks][input][output]`.
    weights: Buffer<S::E>,
    bias: Buffer<S::E>,
    /// What products start from.
    zeros: Buffer<S::E>,
    plan: Batches,
    /// The register tiles of a full batch, and of the last.
    full: Vec<Piece<S>>,
    last: Vec<Piece<S>>,
}

/// How the tiles are gone through.
#[derive(Clone, Copy, Debug)]
struct Batches {
    /// Tiles of a row, and in all.
    across: usize,
    tiles: usize,
    /// Tiles of a batch.
    batch: usize,
    /// Output blocks of a group.
    group: usize,
    /// From a point to the next: of inputs, and of products.
    input_point: usize,
    product_point: usize,
    /// Input blocks of a chunk.
    chunk: usize,
}

impl<S: Simd> Winograd<S> {
    pub(crate) fn new(
        sizes: ConvSizes,
        weights: &[S::E],
        bias: Option<&[S::E]>,
        fused: Fused,
        four: bool,
    ) -> Self {
        let n = step(four);
        let across = sizes.output.w.div_ceil(n);
        let tiles = across * sizes.output.h.div_ceil(n);
        let batches = tiles.div_ceil(BATCH);
        let batch = tiles.div_ceil(batches).next_multiple_of(S::TILE).min(tiles.max(1));
        let (inputs, outputs) = (sizes.input.blocks(), sizes.output.blocks());
        let whole = sizes.input.c.max(sizes.output.c) >= ONE_GROUP;
        let group = if whole { outputs } else { 2.min(outputs) };
        let line = 64 / size_of::<S::E>();
        let chunk = CHUNK_BYTES / (2 * S::LANES * S::LANES * size_of::<S::E>());
        let chunk = inputs.div_ceil(inputs.div_ceil(chunk.max(1)));
        let plan = Batches {
            across,
            tiles,
            batch,
            group,
            input_point: inputs * batch * S::LANES + line,
            product_point: group * batch * S::LANES + line,
            chunk,
        };
        Self {
            weights: pack::<S>(&sizes, weights, four, group),
            bias: pack_bias(bias, outputs * S::LANES),
            zeros: Buffer::zeroed(2 * S::LANES),
            full: split::<S>(batch, pixels::BLOCK),
            last: split::<S>(tiles - (tiles - 1) / batch * batch, pixels::BLOCK),
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
        let start = batch * self.plan.batch;
        let tiles = start..(start + self.plan.batch).min(self.plan.tiles);
        let inputs = io.scratch.part(0, self.points() * self.plan.input_point);
        let products = io.scratch.from(self.points() * self.plan.input_point);
        let pieces = if tiles.len() == self.plan.batch { &self.full } else { &self.last };
        let transform = TransformIn::<S, FOUR> { of: self, io: *io, inputs, tiles: tiles.clone() };
        // SAFETY: the scratch holds every point of the batch.
        unsafe { s.enter(&transform) }
        let outputs = self.sizes.output.blocks();
        for first in (0..outputs).step_by(self.plan.group) {
            let blocks = first..(first + self.plan.group).min(outputs);
            for point in 0..self.points() {
                // SAFETY: as above, for the group's products.
                unsafe { self.product(s, point, &blocks, (inputs, products), pieces) }
            }
            let io = *io;
            let tiles = tiles.clone();
            let transform = TransformOut::<S, FOUR> { of: self, io, products, tiles, blocks };
            // SAFETY: the products of the group are there.
            unsafe { s.enter(&transform) }
        }
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
        pieces: &[Piece<S>],
    ) {
        let channels = self.sizes.input.c;
        let pitch = self.plan.batch * S::LANES;
        // Groups before this one, then points of this one.
        let before = group.start * self.points() + group.len() * point;
        let mut weights_at = before * channels * S::LANES;
        for block in group.clone().step_by(2) {
            let count = (group.end - block).min(2);
            let to = point * self.plan.product_point + (block - group.start) * pitch;
            let mut first = 0;
            while first < self.sizes.input.blocks() {
                let chunk = self.plan.chunk.min(self.sizes.input.blocks() - first);
                let end = ((first + chunk) * S::LANES).min(channels);
                let len = (end - first * S::LANES) * count * S::LANES;
                let tiles: usize = pieces.iter().map(|piece| piece.tiles).sum();
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
                    ahead: Ahead::new(len, size_of::<S::E>(), tiles * chunk),
                    height: 1,
                    tiles: 1,
                    output: products.from(to),
                    output_row: 0,
                    output_block: pitch,
                    start: (first == 0).then(|| In::new(self.zeros.as_slice())),
                    finish: Finish::NONE,
                };
                let (input, output) = (strip.input, strip.output);
                for piece in pieces {
                    strip.input = input.from(piece.x * S::LANES);
                    strip.output = output.from(piece.x * S::LANES);
                    strip.tiles = piece.tiles;
                    // SAFETY: the piece's tiles are in both halves.
                    unsafe { piece.run[count - 1](s, &strip) }
                    strip.ahead = strip.ahead.behind(piece.tiles * chunk);
                }
                weights_at += len;
                first += chunk;
            }
        }
    }
}

/// Bᵀ d B of the tiles of a batch.
struct TransformIn<'a, S: Simd, const FOUR: bool> {
    of: &'a Winograd<S>,
    io: Io<S::E>,
    inputs: Out<S::E>,
    tiles: Range<usize>,
}

impl<S: Simd, const FOUR: bool> Kernel<S> for TransformIn<'_, S, FOUR> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let (plan, form) = (&self.of.plan, &self.of.sizes.input);
        let (top, left) = self.of.sizes.padding;
        for block in 0..form.blocks() {
            let start = form.padded_at(block, top, left);
            for (n, tile) in self.tiles.clone().enumerate() {
                let (y, x) = (tile / plan.across * step(FOUR), tile % plan.across * step(FOUR));
                let at = start + y * form.row() + x * S::LANES;
                let to = (block * plan.batch + n) * S::LANES;
                // SAFETY: the halo goes as far as the last tile.
                unsafe { self.tile(s, at, to) }
            }
        }
    }
}

impl<S: Simd, const FOUR: bool> TransformIn<'_, S, FOUR> {
    /// # Safety
    ///
    /// The tile that starts at `at` and the points at `to` exist.
    #[inline(always)]
    unsafe fn tile(&self, s: S, at: usize, to: usize) {
        let n = side(FOUR);
        let row = self.of.sizes.input.row();
        let zero = s.zero();
        let mut half = [[zero; 6]; 6];
        for x in 0..n {
            let mut column = [zero; 6];
            for (y, value) in column.iter_mut().enumerate().take(n) {
                // SAFETY: the tile exists.
                *value = unsafe { self.io.input.load(s, at + y * row + x * S::LANES) };
            }
            for (y, value) in input_side::<S, FOUR>(s, column).into_iter().enumerate() {
                half[y][x] = value;
            }
        }
        for (y, line) in half.into_iter().enumerate().take(n) {
            for (x, value) in input_side::<S, FOUR>(s, line).into_iter().enumerate().take(n) {
                let to = to + (y * n + x) * self.of.plan.input_point;
                // SAFETY: the point exists.
                unsafe { self.inputs.store(s, to, value) }
            }
        }
    }
}

/// Aᵀ m A of the tiles of a batch, for a group of output blocks.
struct TransformOut<'a, S: Simd, const FOUR: bool> {
    of: &'a Winograd<S>,
    io: Io<S::E>,
    products: Out<S::E>,
    tiles: Range<usize>,
    blocks: Range<usize>,
}

impl<S: Simd, const FOUR: bool> Kernel<S> for TransformOut<'_, S, FOUR> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let plan = &self.of.plan;
        for block in self.blocks.clone() {
            for (n, tile) in self.tiles.clone().enumerate() {
                let from = ((block - self.blocks.start) * plan.batch + n) * S::LANES;
                let (y, x) = (tile / plan.across * step(FOUR), tile % plan.across * step(FOUR));
                // SAFETY: the tile's products exist, and its first output does.
                unsafe { self.tile(s, from, (block, y, x)) }
            }
        }
    }
}

impl<S: Simd, const FOUR: bool> TransformOut<'_, S, FOUR> {
    /// # Safety
    ///
    /// The products at `from` and the output pixel exist.
    #[inline(always)]
    unsafe fn tile(&self, s: S, from: usize, (block, y, x): (usize, usize, usize)) {
        let n = side(FOUR);
        let form: &Form = &self.of.sizes.output;
        let zero = s.zero();
        let mut half = [[zero; 6]; 4];
        for x in 0..n {
            let mut column = [zero; 6];
            for (y, value) in column.iter_mut().enumerate().take(n) {
                let at = from + (y * n + x) * self.of.plan.product_point;
                // SAFETY: the product exists.
                *value = unsafe { self.products.to_in().load(s, at) };
            }
            for (y, value) in output_side::<S, FOUR>(s, column).into_iter().enumerate() {
                half[y][x] = value;
            }
        }
        // SAFETY: the bias has a vector for each block.
        let bias = unsafe { In::new(self.of.bias.as_slice()).load(s, block * S::LANES) };
        let (rows, columns) = (step(FOUR).min(form.h - y), step(FOUR).min(form.w - x));
        for (down, line) in half.into_iter().enumerate().take(step(FOUR)) {
            let line = output_side::<S, FOUR>(s, line);
            for (along, value) in line.into_iter().enumerate().take(step(FOUR)) {
                if down < rows && along < columns {
                    let (value, at) = (s.add(value, bias), (block, y + down, x + along));
                    // SAFETY: the pixel exists.
                    unsafe { finish(s, &self.io, form, self.of.fused, at, value) }
                }
            }
        }
    }
}

/// Transformed filters as `[group][point][two output blocks][input][output]`.
fn pack<S: Simd>(sizes: &ConvSizes, weights: &[S::E], four: bool, group: usize) -> Buffer<S::E> {
    let (inputs, outputs) = (sizes.input.c, sizes.output.c);
    let (points, blocks) = (side(four) * side(four), outputs.div_ceil(S::LANES));
    let mut packed = Buffer::zeroed(blocks * S::LANES * inputs * points);
    let to = packed.as_mut_slice();
    for output in 0..outputs {
        let (block, lane) = (output / S::LANES, output % S::LANES);
        let first = block / group * group;
        let in_group = group.min(blocks - first);
        let (two, odd) = ((block - first) / 2 * 2, (block - first) % 2);
        let pair = (in_group - two).min(2);
        for input in 0..inputs {
            let from = &weights[(output * inputs + input) * 9..][..9];
            let transformed = filter(four, core::array::from_fn(|i| from[i].to_double()));
            let at = first * points * inputs + two * inputs + input * pair + odd;
            for (point, &value) in transformed[..points].iter().enumerate() {
                let vector = at + point * in_group * inputs;
                to[vector * S::LANES + lane] = S::E::from_double(value);
            }
        }
    }
    packed
}

impl<S: Simd> Work<S> for Winograd<S> {
    fn units(&self) -> usize {
        self.plan.tiles.div_ceil(self.plan.batch)
    }

    fn scratch(&self) -> usize {
        self.points() * (self.plan.input_point + self.plan.product_point)
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, units: Range<usize>) {
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
        let widest = self.full.iter().map(|piece| piece.width).max().unwrap_or(0);
        let group = self.plan.group;
        let tile = alloc::format!("2×{widest}, {} tiles, {group} blocks", self.plan.batch);
        let weight_bytes = (self.weights.len() + self.bias.len()) * size_of::<S::E>();
        let kernel = if self.four { "winograd 4×4" } else { "winograd 2×2" };
        Facts { kernel, tile, weight_bytes }
    }
}
