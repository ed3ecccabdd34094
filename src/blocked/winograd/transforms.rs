//! The two transforms of a batch of tiles, on vectors of channels.

use core::ops::Range;

use crate::isa::{Kernel, Simd};

use super::super::activate::{End, apply};
use super::super::memory::{In, Out};
use super::super::work::Io;
use super::Winograd;
use super::matrices::{input_side, output_side, side, step};

/// Bᵀ d B of the tiles of a batch.
pub(super) struct TransformIn<'a, S: Simd, const FOUR: bool> {
    pub(super) of: &'a Winograd<S>,
    pub(super) io: Io<S::E>,
    pub(super) inputs: Out<S::E>,
    pub(super) tiles: Range<usize>,
    pub(super) blocks: Range<usize>,
}

impl<S: Simd, const FOUR: bool> Kernel<S> for TransformIn<'_, S, FOUR> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let (plan, form) = (&self.of.plan, &self.of.sizes.input);
        let (top, left) = self.of.sizes.padding;
        for block in self.blocks.clone() {
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
        #[expect(clippy::needless_range_loop, reason = "a column of `half` is written")]
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
pub(super) struct TransformOut<'a, S: Simd, const FOUR: bool> {
    pub(super) of: &'a Winograd<S>,
    pub(super) io: Io<S::E>,
    pub(super) products: Out<S::E>,
    pub(super) tiles: Range<usize>,
    pub(super) blocks: Range<usize>,
    /// The first block of the group.
    pub(super) first: usize,
}

impl<S: Simd, const FOUR: bool> Kernel<S> for TransformOut<'_, S, FOUR> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let plan = &self.of.plan;
        let end = End::new(s, &self.io, self.of.sizes.output, &self.of.fused);
        for block in self.blocks.clone() {
            for (n, tile) in self.tiles.clone().enumerate() {
                let from = ((block - self.first) * plan.batch + n) * S::LANES;
                let (y, x) = (tile / plan.across * step(FOUR), tile % plan.across * step(FOUR));
                // SAFETY: the tile's products exist, and its first output does.
                unsafe { self.tile(s, &end, from, (block, y, x)) }
            }
        }
    }
}

impl<S: Simd, const FOUR: bool> TransformOut<'_, S, FOUR> {
    /// # Safety
    ///
    /// The products at `from` and the output pixel exist.
    #[inline(always)]
    unsafe fn tile(&self, s: S, end: &End<S>, from: usize, (block, y, x): (usize, usize, usize)) {
        let n = side(FOUR);
        let form = &self.of.sizes.output;
        let zero = s.zero();
        let mut half = [[zero; 6]; 4];
        #[expect(clippy::needless_range_loop, reason = "a column of `half` is written")]
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
                    unsafe { end.store(s, at, value) }
                }
            }
        }
        if let Some(function) = self.of.fused.longer() {
            for down in 0..rows {
                let at = form.at(block, y + down, x);
                // SAFETY: the tile's pixels are this call's.
                unsafe { apply(s, function, self.io.output, at, columns) }
            }
        }
    }
}
