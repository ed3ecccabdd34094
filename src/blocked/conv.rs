//! Direct convolution: any kernel, stride, padding, dilation; groups of whole
//! blocks.
//!
//! The loops around the register tile, outermost first:
//!
//! ```text
//! a band of output rows        so that its input stays in the second-level cache
//!   a bunch of output blocks   (one unit of work: the band and the bunch)
//!     a chunk of input blocks  whose weights stay in a cache
//!       tiles of one width     of all rows of the band: a strip
//! ```
//!
//! Between chunks the sums rest in the output. All loads come from the first or
//! second level; weights are read once a band, in the order in which they are
//! packed, and while a chunk runs the next one is asked for: that matters where
//! a band is a whole image of 14×14 or 7×7 and the weights come from memory.
//!
//! The padding is in the input's halo, so a non-finite weight would turn zeros
//! into NaN where the plain loops skip the padding. Layers that have both go to
//! the plain loops (`lower`).

use alloc::format;
use alloc::string::ToString;
use core::ops::Range;

use crate::element::Element;
use crate::isa::Simd;

use super::activate::{Fused, Region};
use super::fold::Values;
use super::halves;
use super::layout::{Form, Halo};
use super::memory::{Buffer, In};
use super::split::{Bunches, Piece, Split, Taps};
use super::tile::{Addend, Ahead, Finish, Loop, Strip, widest};
use super::work::{Facts, Io, See, Work};

/// Bytes of weights that one chunk may have: most of the smallest first-level
/// cache in use (32 KiB), beside a row of input.
const CHUNK_BYTES: usize = 20 << 10;
/// The same where the sums of a band do not stay in that cache from one chunk to the
/// next. The weights are then read from the second level, which keeps up with tiles
/// of four blocks (21 bytes a cycle), and the sums go there and back less often: 93 %
/// of the peak instead of 87.
const LONG_CHUNK_BYTES: usize = 160 << 10;
/// Bytes of sums that stay: 7×7 pixels of four blocks, and a little.
const SUMS_BYTES: usize = 25 << 9;
/// Bytes of input that one band of rows may have: half of the smallest
/// second-level cache of a server core (1 MiB).
const BAND_BYTES: usize = 512 << 10;

/// The numbers of a convolution with all sizes known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConvSizes {
    pub(crate) input: Form,
    pub(crate) output: Form,
    pub(crate) groups: usize,
    pub(crate) kernel: (usize, usize),
    pub(crate) stride: (usize, usize),
    pub(crate) dilation: (usize, usize),
    /// Rows above and columns to the left.
    pub(crate) padding: (usize, usize),
    pub(crate) phase: Phase,
}

/// Which pixels of the output are computed: every `step`-th from `first` on. All
/// but a transposed convolution compute all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phase {
    pub(crate) first: (usize, usize),
    pub(crate) step: (usize, usize),
}

impl Phase {
    pub(crate) const ALL: Self = Self { first: (0, 0), step: (1, 1) };
}

impl ConvSizes {
    pub(crate) const fn inputs_per_group(&self) -> usize {
        self.input.c / self.groups
    }

    pub(crate) const fn outputs_per_group(&self) -> usize {
        self.output.c / self.groups
    }

    /// Rows and columns that are computed.
    pub(crate) const fn computed(&self) -> (usize, usize) {
        let Phase { first, step } = self.phase;
        (
            self.output.h.saturating_sub(first.0).div_ceil(step.0),
            self.output.w.saturating_sub(first.1).div_ceil(step.1),
        )
    }

    /// Rows and columns of the padded input that the taps of so many outputs meet.
    pub(crate) const fn reach(&self, (height, width): (usize, usize)) -> (usize, usize) {
        (
            reach(height, self.stride.0, self.kernel.0, self.dilation.0),
            reach(width, self.stride.1, self.kernel.1, self.dilation.1),
        )
    }

    /// The zeros around the input that its taps meet for so many outputs.
    pub(crate) const fn halo(&self, outputs: (usize, usize)) -> Halo {
        let ((rows, columns), (top, left)) = (self.reach(outputs), self.padding);
        Halo {
            top,
            left,
            bottom: rows.saturating_sub(top + self.input.h),
            right: columns.saturating_sub(left + self.input.w),
        }
    }
}

/// Pixels of an axis from the first tap of the first output to the last of the last.
const fn reach(outputs: usize, stride: usize, kernel: usize, dilation: usize) -> usize {
    outputs.saturating_sub(1) * stride + dilation * (kernel - 1) + 1
}

/// A bias as vectors, zeros where there is none.
pub(crate) fn pack_bias<T: Element>(bias: Option<&[T]>, len: usize) -> Buffer<T> {
    let mut packed = Buffer::zeroed(len);
    if let Some(bias) = bias {
        packed.as_mut_slice()[..bias.len()].copy_from_slice(bias);
    }
    packed
}

/// What a value starts with that is only a part of another: a block, and a row of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) block: usize,
    pub(crate) row: usize,
}

impl Origin {
    /// That of a value as a whole.
    pub(crate) const WHOLE: Self = Self { block: 0, row: 0 };
}

/// Weights, and a bias if there is one.
pub(crate) type Params<'a, T> = (&'a [T], Option<&'a [T]>);

/// A convolution before it has a kernel: its sizes, its weights, and what is fused behind it.
pub(crate) struct ConvLayer<'a, T: Element> {
    pub(crate) sizes: ConvSizes,
    pub(crate) weights: Values<'a, T>,
    pub(crate) bias: Option<Values<'a, T>>,
    pub(crate) fused: Fused,
}

impl<T: Element> ConvLayer<'_, T> {
    /// Its weights and bias.
    pub(crate) fn params(&self) -> Params<'_, T> {
        (&self.weights, self.bias.as_deref())
    }
}

/// A direct convolution, ready to run.
pub(crate) struct Conv<S: Simd> {
    sizes: ConvSizes,
    fused: Fused,
    weights: Buffer<S::E>,
    bias: Buffer<S::E>,
    /// The tiles of a band, and the output blocks of a group in bunches.
    split: Split<S>,
    /// Input blocks (or planes) of a group, and of a chunk.
    inputs: usize,
    chunk: usize,
    /// Output rows of a band, and how many bands.
    band: usize,
    bands: usize,
}

impl<S: Simd> Conv<S> {
    /// Packs the weights and chooses the blocking. In a grouped convolution the
    /// groups consist of whole blocks.
    pub(crate) fn new(
        sizes: ConvSizes,
        weights: &[S::E],
        bias: Option<&[S::E]>,
        fused: Fused,
        threads: usize,
    ) -> Self {
        let blocks_per_group = sizes.outputs_per_group().div_ceil(S::LANES);
        // Several units for each thread, so that a slow one does not hold all up: four if
        // bunches have four blocks.
        let pairs = blocks_per_group.div_ceil(2) * sizes.groups;
        let least = if threads > 1 { (8 * threads).div_ceil(pairs) } else { 1 };
        let band = band(&sizes, size_of::<S::E>(), least);
        let (size, most) = ((sizes.computed().1, band), widest(S::TILE));
        let split = Split::new(blocks_per_group, size, taps::<S>(&sizes), most);
        Self::of(sizes, (weights, bias), fused, split, band)
    }

    /// One without groups for [`rows`](Self::rows), some `band` of them at a time and
    /// bunches of `most` blocks at most.
    pub(crate) fn in_bands(
        sizes: ConvSizes,
        params: Params<'_, S::E>,
        fused: Fused,
        most: usize,
        band: usize,
    ) -> Self {
        let size = (sizes.computed().1, band);
        let split = Split::new(sizes.output.blocks(), size, taps::<S>(&sizes), most);
        Self::of(sizes, params, fused, split, band)
    }

    fn of(
        sizes: ConvSizes,
        (weights, bias): Params<'_, S::E>,
        fused: Fused,
        split: Split<S>,
        band: usize,
    ) -> Self {
        let lanes = sizes.input.lanes;
        let inputs = sizes.inputs_per_group().div_ceil(lanes);
        let block = split.bunches.most() * S::LANES * size_of::<S::E>();
        // With 16 registers a weight is used by too few pixels to come from further away.
        let near = S::TILE < 14 || block * band * sizes.computed().1 <= SUMS_BYTES;
        let bytes = if near { CHUNK_BYTES } else { LONG_CHUNK_BYTES };
        let taps = sizes.kernel.0 * sizes.kernel.1 * lanes;
        let chunk = (bytes / (taps * block)).clamp(1, inputs);
        // Chunks of one size, not a full one and a small rest; one for half blocks, whose
        // sums can't rest in the output.
        let halves = split.halves;
        let chunk = halves.map_or(inputs.div_ceil(inputs.div_ceil(chunk)), |_| inputs);
        let packed = halves.map(|halves| halves::pack(&sizes, weights, halves));
        Self {
            weights: packed.unwrap_or_else(|| pack(&sizes, weights, split.bunches)),
            bias: pack_bias(bias, sizes.output.blocks() * S::LANES),
            split,
            sizes,
            fused,
            inputs,
            chunk,
            band,
            bands: sizes.computed().0.div_ceil(band),
        }
    }

    /// Weight vectors of one output block for `inputs` input blocks from `first`
    /// on, of a group.
    fn weight_vectors(&self, first: usize, inputs: usize) -> usize {
        let lanes = self.sizes.input.lanes;
        let channels = (first + inputs) * lanes;
        let channels = channels.min(self.sizes.inputs_per_group()) - first * lanes;
        channels * self.sizes.kernel.0 * self.sizes.kernel.1
    }

    /// Runs a band of rows for a bunch of output blocks of a group.
    ///
    /// # Safety
    ///
    /// As [`Work::run`].
    unsafe fn run_unit(&self, s: S, io: &Io<S::E>, band: usize, group: usize, bunch: usize) {
        let rows = band * self.band..((band + 1) * self.band).min(self.sizes.computed().0);
        let bunch = self.split.bunches.range(bunch);
        // SAFETY: handed on to the caller.
        unsafe { self.rows(s, io, rows, (group, bunch), [Origin::WHOLE; 2]) }
    }

    /// The output blocks of a group in bunches.
    pub(crate) fn bunches(&self) -> Bunches {
        self.split.bunches
    }

    /// Runs some rows for a bunch of output blocks of a group, from an input and to an
    /// output that start with these.
    ///
    /// # Safety
    ///
    /// As [`Work::run`]; an input that is not whole has what the taps of these rows meet,
    /// an output has room for these rows and blocks.
    pub(crate) unsafe fn rows(
        &self,
        s: S,
        io: &Io<S::E>,
        rows: Range<usize>,
        (group, bunch): (usize, Range<usize>),
        [from, to]: [Origin; 2],
    ) {
        let (pieces, blocks) = (self.split.pieces(bunch.len()), bunch.len());
        let block = group * self.split.bunches.blocks + bunch.start;
        let mut weights_at = block * self.weight_vectors(0, self.inputs) * S::LANES;
        let mut first = 0;
        while first < self.inputs {
            let count = self.chunk.min(self.inputs - first);
            let len = self.weight_vectors(first, count) * blocks * S::LANES;
            // (Three half blocks have less than two blocks.)
            let len = len.min(self.weights.len() - weights_at);
            let weights = In::new(self.weights.as_slice()).from(weights_at);
            let mut strip = self.strip(io, &rows, (group, block), (first, count), [from, to]);
            strip.weights = weights;
            let tiles: usize = pieces.iter().map(|piece| piece.tiles_of(rows.len())).sum();
            let pixels = pieces.iter().map(|piece| piece.pixels_of(rows.len())).sum();
            strip.ahead = Ahead::new::<S>(len, strip.steps() * tiles, pixels);
            for piece in pieces {
                // SAFETY: the strip covers the rows of the band, the pixels of
                // the piece and its blocks, which the forms contain.
                unsafe { Self::run_piece(s, piece, rows.len(), &strip) }
                strip.ahead = strip.ahead.behind(strip.steps() * piece.tiles_of(rows.len()));
            }
            weights_at += len;
            first += count;
        }
        if let Some(function) = self.fused.longer() {
            let (form, values) = (&self.sizes.output, io.output);
            let block = block - to.block;
            let rows = rows.start - to.row..rows.end - to.row;
            let region = Region { form, values, blocks: block..block + blocks, rows, function };
            // SAFETY: the rows and blocks of this unit.
            unsafe { s.enter(&region) }
        }
    }

    /// The strip of the first pixels of the rows.
    fn strip(
        &self,
        io: &Io<S::E>,
        rows: &Range<usize>,
        (group, block): (usize, usize),
        (first, count): (usize, usize),
        [from, to]: [Origin; 2],
    ) -> Strip<S::E> {
        let ConvSizes { input, output, kernel, stride, dilation, padding, phase, .. } = self.sizes;
        let lanes = input.lanes;
        let read = group * (self.sizes.inputs_per_group() / lanes).max(1) + first - from.block;
        let at = input.padded_at(read, padding.0, padding.1)
            + (rows.start * stride.0 - from.row) * input.row();
        let last = first + count == self.inputs;
        let left = self.sizes.inputs_per_group() - (first + count - 1) * lanes;
        let planar = lanes == 1;
        // A kernel row of a plane is one run, unless it is dilated.
        let whole_row = planar && dilation.1 == 1;
        let columns = if whole_row { 1 } else { kernel.1 };
        let run = if whole_row { kernel.1 } else { lanes };
        let output_at = self.pixel(&output, block - to.block, rows.start - to.row);
        Strip {
            input: io.input.from(at),
            pixel: stride.1 * lanes,
            input_row: stride.0 * input.row(),
            blocks: Loop { count, step: input.block() },
            rows: Loop { count: kernel.0, step: dilation.0 * input.row() },
            columns: Loop { count: columns, step: dilation.1 * lanes },
            run,
            last_run: if planar { run } else { left.min(lanes) },
            weights: In::new(self.weights.as_slice()),
            ahead: Ahead::NOTHING,
            height: 1,
            tiles: 1,
            output: io.output.from(output_at),
            output_row: phase.step.0 * output.row(),
            output_pixel: phase.step.1 * S::LANES,
            output_block: output.block(),
            start: (first == 0).then(|| In::new(self.bias.as_slice()).from(block * S::LANES)),
            finish: if last { self.finish(io, block, rows.start) } else { Finish::none() },
        }
    }

    fn finish(&self, io: &Io<S::E>, block: usize, y: usize) -> Finish<S::E> {
        let addend = self.fused.addend.zip(io.other).map(|(form, values)| Addend {
            values: values.from(self.pixel(&form, block, y)),
            row: self.sizes.phase.step.0 * form.row(),
            block: form.block(),
        });
        Finish { addend, bounds: self.fused.bounds() }
    }

    /// The first pixel of the `y`-th row that is computed.
    fn pixel(&self, form: &Form, block: usize, y: usize) -> usize {
        let Phase { first, step } = self.sizes.phase;
        form.at(block, y * step.0 + first.0, first.1)
    }

    /// # Safety
    ///
    /// As [`super::tile::StripFn`] for the strip moved to the piece.
    unsafe fn run_piece(s: S, piece: &Piece<S>, height: usize, strip: &Strip<S::E>) {
        let x = piece.x * strip.output_pixel;
        let mut moved = *strip;
        moved.input = strip.input.from(piece.x * strip.pixel);
        moved.output = strip.output.from(x);
        if let Some(addend) = &mut moved.finish.addend {
            addend.values = addend.values.from(x);
        }
        // SAFETY: handed on to the caller.
        unsafe { piece.run(s, moved, height) }
    }
}

/// How a convolution reads its input.
fn taps<S: Simd>(sizes: &ConvSizes) -> Taps {
    let planar = sizes.input.lanes == 1;
    let one = sizes.stride.1 == 1 && sizes.phase.step.1 == 1;
    let slides = planar && one && sizes.dilation.1 == 1;
    let columns = slides.then_some(sizes.kernel.1);
    Taps { next: !planar && one, planar, columns, halves: halves::count::<S>(sizes) }
}

/// Rows of a band: bands as even as can be, and no less than `least`.
fn band(sizes: &ConvSizes, size: usize, least: usize) -> usize {
    let reach = sizes.dilation.0 * (sizes.kernel.0 - 1) + 1;
    let row = sizes.input.row() * sizes.input.blocks() / sizes.groups * size;
    let fit = (BAND_BYTES / row.max(1)).saturating_sub(reach) / sizes.stride.0 + 1;
    let height = sizes.computed().0;
    let bands = height.div_ceil(fit.max(4)).max(least.min(height)).max(1);
    height.div_ceil(bands).max(1)
}

/// Weights in the order in which the tiles read them:
/// `[group][bunch][input block][kernel row][kernel column][channel][output]`
/// (a plane has its channel outermost and is the same order).
fn pack<T: Element>(sizes: &ConvSizes, weights: &[T], bunches: Bunches) -> Buffer<T> {
    let (inputs, outputs) = (sizes.inputs_per_group(), sizes.outputs_per_group());
    let (lanes, vector) = (sizes.input.lanes, sizes.output.lanes);
    let taps = sizes.kernel.0 * sizes.kernel.1;
    let mut packed = Buffer::zeroed(sizes.groups * bunches.blocks * vector * inputs * taps);
    let mut to = packed.as_mut_slice().chunks_exact_mut(vector);
    for group in 0..sizes.groups {
        for bunch in bunches.iter() {
            for first in (0..inputs).step_by(lanes) {
                let channels = first..(first + lanes).min(inputs);
                for tap in 0..taps {
                    for channel in channels.clone() {
                        for block in bunch.clone() {
                            let Some(to) = to.next() else { return packed };
                            let from = block * vector;
                            let valid = (outputs - from).min(vector);
                            for (lane, to) in to[..valid].iter_mut().enumerate() {
                                let output = group * outputs + from + lane;
                                *to = weights[(output * inputs + channel) * taps + tap];
                            }
                        }
                    }
                }
            }
        }
    }
    packed
}

impl<S: Simd> Work<S> for Conv<S> {
    fn each_weights(&mut self, see: See<'_, S::E>) {
        see(&mut self.weights);
    }

    fn units(&self, _phase: usize) -> usize {
        self.bands * self.sizes.groups * self.split.bunches.count
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        for unit in units {
            let count = self.split.bunches.count;
            let (bunch, group) = (unit % count, unit / count % self.sizes.groups);
            let band = unit / count / self.sizes.groups;
            // SAFETY: handed on to the caller; each unit writes other rows or
            // blocks of the output.
            unsafe { self.run_unit(s, io, band, group, bunch) }
        }
    }

    fn facts(&self) -> Facts {
        let (blocks, rows, columns) = self.split.widest();
        let widest = if rows > 1 { format!("({rows}×{columns})") } else { columns.to_string() };
        let planar = if self.sizes.input.lanes == 1 { " planar" } else { "" };
        let halves = self.split.halves;
        let blocks = halves.map_or(blocks.to_string(), |halves| format!("{halves} halves "));
        let tile = format!("{blocks}×{widest}{planar}, {} rows, {} in", self.band, self.chunk);
        let weight_bytes = (self.weights.len() + self.bias.len()) * size_of::<S::E>();
        let kernel = if self.sizes.kernel == (1, 1) { "direct 1×1" } else { "direct" };
        Facts { kernel, tile, weight_bytes }
    }
}
