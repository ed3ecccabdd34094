//! Convolutions with groups of less than a block of channels: depthwise with a
//! multiplier, the bottlenecks of `ResNeXt`.
//!
//! Lanes are output channels, so each lane wants another group's input. For the
//! i-th input of a group, a row of the input is written anew with its lanes put in
//! the order of the outputs (one shuffle a pixel); the kernel's taps then run over
//! that like a depthwise convolution:
//!
//! ```text
//! for each block of outputs                                     (one unit of work)
//!   for each row of outputs
//!     the input rows that are new, i-th inputs of all groups → scratch, a ring
//!     for each kernel row, i, kernel column:
//!       sum[p] += w · row[i][pixel p + column]
//! ```
//!
//! Products of whole blocks with zeros between the groups were considered: they
//! make NaN of an infinity in another group, and waste what the shuffle costs.

use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, MAX_LANES, Simd};

use super::activate::{End, Fused, Region};
use super::conv::{ConvSizes, pack_bias};
use super::memory::{Buffer, In};
use super::window::TILE;
use super::work::{Facts, Io, Scratch, Work};

/// Where the lanes of an output block find their i-th inputs.
#[derive(Clone, Copy)]
struct Lanes {
    /// The block of each, and its lane there.
    blocks: [usize; MAX_LANES],
    at: [u32; MAX_LANES],
    /// Whether they are all in one block.
    one: bool,
}

/// A grouped convolution, ready to run.
pub(crate) struct Grouped<S: Simd> {
    sizes: ConvSizes,
    fused: Fused,
    /// `[block][kernel row][input of the group][kernel column][lane]`.
    weights: Buffer<S::E>,
    bias: Buffer<S::E>,
    /// `[block][input of the group]`.
    lanes: Vec<Lanes>,
    /// Inputs of a group.
    inputs: usize,
    /// Rows from the first tap to the last, and pixels of a row that the taps of a row of
    /// outputs meet.
    reach: usize,
    width: usize,
}

impl<S: Simd> Grouped<S> {
    pub(crate) fn new(
        sizes: ConvSizes,
        weights: &[S::E],
        bias: Option<&[S::E]>,
        fused: Fused,
    ) -> Self {
        let (inputs, blocks) = (sizes.inputs_per_group(), sizes.output.blocks());
        let packed = pack(&sizes, weights);
        let lanes = (0..blocks * inputs).map(|n| lanes_of(&sizes, n / inputs, n % inputs));
        let bias = pack_bias(bias, blocks * S::LANES);
        let (reach, width) = ring(&sizes);
        let lanes = lanes.collect();
        Self { lanes, sizes, fused, weights: packed, bias, inputs, reach, width }
    }

    /// # Safety
    ///
    /// As [`Work::run`].
    unsafe fn block<const K: usize, const STRIDE: usize>(&self, s: S, io: &Io<S::E>, block: usize) {
        // SAFETY: handed on to the caller.
        unsafe { s.enter(&OfBlock::<S, K, STRIDE> { of: self, io: *io, block }) }
        if let Some(function) = self.fused.longer() {
            let (form, values) = (&self.sizes.output, io.output);
            let region =
                Region { form, values, blocks: block..block + 1, rows: 0..form.h, function };
            // SAFETY: the block is this call's.
            unsafe { s.enter(&region) }
        }
    }
}

/// The weights as `[block][kernel row][input of the group][kernel column][lane]`.
fn pack<T: Element>(sizes: &ConvSizes, weights: &[T]) -> Buffer<T> {
    let (inputs, lanes) = (sizes.inputs_per_group(), sizes.output.lanes);
    let (rows, columns) = sizes.kernel;
    let mut packed = Buffer::zeroed(sizes.output.blocks() * inputs * rows * columns * lanes);
    for output in 0..sizes.output.c {
        let (block, lane) = (output / lanes, output % lanes);
        for input in 0..inputs {
            for tap in 0..rows * columns {
                let (row, column) = (tap / columns, tap % columns);
                let vector = ((block * rows + row) * inputs + input) * columns + column;
                packed.as_mut_slice()[vector * lanes + lane] =
                    weights[(output * inputs + input) * rows * columns + tap];
            }
        }
    }
    packed
}

/// Rows and columns of the ring: what the taps of one row of outputs meet.
const fn ring(sizes: &ConvSizes) -> (usize, usize) {
    sizes.reach((1, sizes.output.w))
}

/// The scratch memory of a grouped convolution: a ring for each block of outputs
/// that is under way.
pub(crate) const fn scratch(sizes: &ConvSizes, threads: usize) -> Scratch {
    let (rows, columns) = ring(sizes);
    let each = rows * columns * sizes.inputs_per_group() * sizes.output.lanes;
    Scratch::new(each, threads, sizes.output.blocks())
}

/// Where the lanes of `block` find the `input`-th input of their groups.
fn lanes_of(sizes: &ConvSizes, block: usize, input: usize) -> Lanes {
    let each = sizes.input.lanes;
    let mut lanes = Lanes { blocks: [0; MAX_LANES], at: [0; MAX_LANES], one: true };
    for lane in 0..each {
        // Lanes behind the last channel read what that reads.
        let output = (block * each + lane).min(sizes.output.c - 1);
        let channel = output / sizes.outputs_per_group() * sizes.inputs_per_group() + input;
        lanes.blocks[lane] = channel / each;
        lanes.at[lane] = (channel % each) as u32;
    }
    lanes.one = lanes.blocks[..each].iter().all(|&block| block == lanes.blocks[0]);
    lanes
}

struct OfBlock<'a, S: Simd, const K: usize, const STRIDE: usize> {
    of: &'a Grouped<S>,
    io: Io<S::E>,
    block: usize,
}

impl<S: Simd, const K: usize, const STRIDE: usize> Kernel<S> for OfBlock<'_, S, K, STRIDE> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        let d = &self.of.sizes;
        let end = End::new(s, &self.io, d.output, &self.of.fused);
        let (reach, mut next) = (self.of.reach, 0);
        for y in 0..d.output.h {
            let first = y * d.stride.0;
            for row in first.max(next)..first + reach {
                // SAFETY: the row is one that taps meet.
                unsafe { self.spread(s, row) }
            }
            next = first + reach;
            let mut x = 0;
            while x < d.output.w {
                if d.output.w - x >= TILE || x >= TILE {
                    // The last ends with the row, and gives some pixels once more.
                    let start = x.min(d.output.w - TILE);
                    // SAFETY: the pixels exist, their rows have been spread.
                    unsafe { self.tile::<TILE>(s, &end, y, start) }
                    x = start + TILE;
                } else {
                    // SAFETY: as above.
                    unsafe { self.tile::<1>(s, &end, y, x) }
                    x += 1;
                }
            }
        }
    }
}

impl<S: Simd, const K: usize, const STRIDE: usize> OfBlock<'_, S, K, STRIDE> {
    /// Writes a row of the padded input to the scratch memory, lanes in the order of
    /// the outputs.
    ///
    /// # Safety
    ///
    /// The buffers have the forms of the sizes, and the row is one that taps meet.
    #[inline(always)]
    unsafe fn spread(&self, s: S, row: usize) {
        let (of, d) = (self.of, &self.of.sizes);
        let (inputs, width, reach) = (of.inputs, of.width, of.reach.max(1));
        let down = row * d.input.row();
        for input in 0..inputs {
            let lanes = &of.lanes[self.block * inputs + input];
            let to = (row % reach * inputs + input) * width * S::LANES;
            if lanes.one {
                let at = d.input.padded_at(lanes.blocks[0], d.padding.0, d.padding.1) + down;
                for x in 0..width {
                    // SAFETY: the halo is there for the taps.
                    let value = unsafe { self.io.input.shuffle(s, at + x * S::LANES, &lanes.at) };
                    // SAFETY: the scratch has room for the rows of the taps.
                    unsafe { self.io.scratch.store(s, to + x * S::LANES, value) }
                }
            } else {
                for x in 0..width {
                    let mut value = [S::E::default(); MAX_LANES];
                    for (lane, value) in value.iter_mut().enumerate().take(S::LANES) {
                        let block = lanes.blocks[lane];
                        let at = d.input.padded_at(block, d.padding.0, d.padding.1) + down;
                        let at = at + x * S::LANES + lanes.at[lane] as usize;
                        // SAFETY: as above.
                        *value = unsafe { self.io.input.get(at) };
                    }
                    // SAFETY: as many numbers as the widest vector has.
                    let value = unsafe { s.load(value.as_ptr()) };
                    // SAFETY: as above.
                    unsafe { self.io.scratch.store(s, to + x * S::LANES, value) }
                }
            }
        }
    }

    /// # Safety
    ///
    /// The outputs `x..x + PX` of row `y` exist, and their rows have been spread.
    #[inline(always)]
    unsafe fn tile<const PX: usize>(&self, s: S, end: &End<S>, y: usize, x: usize) {
        let (of, d) = (self.of, &self.of.sizes);
        let (columns, stride) = if K == 0 { (d.kernel.1, d.stride.1) } else { (K, STRIDE) };
        let dilation = if K == 0 { d.dilation.1 } else { 1 };
        let (inputs, width, reach) = (of.inputs, of.width, of.reach.max(1));
        let bias = In::new(of.bias.as_slice());
        // SAFETY: the bias has a vector for each block.
        let mut sums = [unsafe { bias.load(s, self.block * S::LANES) }; PX];
        let all = d.kernel.0 * inputs * columns;
        let weights = In::new(of.weights.as_slice()).from(self.block * all * S::LANES);
        let mut weight = 0;
        for row in 0..d.kernel.0 {
            let slot = (y * d.stride.0 + row * d.dilation.0) % reach;
            for input in 0..inputs {
                let at = ((slot * inputs + input) * width + x * stride) * S::LANES;
                for column in 0..columns {
                    // SAFETY: the weights have a vector for each tap.
                    let w = unsafe { weights.load(s, weight) };
                    for (p, sum) in sums.iter_mut().enumerate() {
                        let at = at + (p * stride + column * dilation) * S::LANES;
                        // SAFETY: the row has been spread.
                        let x = unsafe { self.io.scratch.to_in().load(s, at) };
                        *sum = s.fma(w, x, *sum);
                    }
                    weight += S::LANES;
                }
            }
        }
        // SAFETY: the pixels exist.
        unsafe { end.store_row(s, (self.block, y, x), sums) }
    }
}

impl<S: Simd> Work<S> for Grouped<S> {
    fn units(&self, _phase: usize) -> usize {
        self.sizes.output.blocks()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        let sizes = &self.sizes;
        let plain = sizes.dilation.1 == 1;
        for unit in units {
            match (plain, sizes.kernel.1, sizes.stride.1) {
                // SAFETY: handed on to the caller; each unit is another block.
                (true, 3, 1) => unsafe { self.block::<3, 1>(s, io, unit) },
                // SAFETY: as above.
                _ => unsafe { self.block::<0, 0>(s, io, unit) },
            }
        }
    }

    fn facts(&self) -> Facts {
        let weight_bytes = (self.weights.len() + self.bias.len()) * size_of::<S::E>();
        Facts { kernel: "grouped", tile: format!("1×{TILE}"), weight_bytes }
    }
}
