//! Convolutions that run as one, in bands of rows: any, the depthwise one behind it, and
//! the 1×1 one behind that. What lies between them never is there as a whole; in a mobile
//! network those are the largest values.
//!
//! ```text
//! for a share of the rows                                        (a unit of work,
//!   for a bunch of channel blocks                                 or each bunch is one)
//!     for each band of outputs
//!       the rows that its windows meet again  moved to the top of the scratch memory
//!       the rows that are new                 convolved into it, zeros for padding
//!       depthwise rows                        to the output, or to more scratch memory
//!   the 1×1 convolution of the share          from there to the output
//! ```
//!
//! A thread's scratch memory stays in the second-level cache. The few rows that the
//! windows of two shares meet are computed twice, to the same bits.
//!
//! Measured on `MobileNetV2`, 16 lanes, one core, in the same minutes: 5.66 ms one by one,
//! 5.23 two by two. With the 1×1 ones it is 5.07 instead of 5.11 (later, with more else
//! faster) and, by two threads, 3.27 instead of 3.48; they save memory above all: a
//! workspace of 2.0 MB, without them 2.6, one by one 6.1. With smaller bands and shares
//! (96 and 192 KiB) it was 5.62 instead of 5.23.

use alloc::format;
use core::ops::Range;

use crate::element::Element;
use crate::isa::{Simd, Vectors, vectors};

use super::conv::{Conv, ConvLayer, ConvSizes, Origin};
use super::layout::{Form, Halo, max, min};
use super::memory::Out;
use super::split::Bunches;
use super::tile::widest;
use super::window::Depthwise;
use super::work::{Facts, Io, Scratch, See, Work};

/// Bytes of a band: a quarter of the smallest second-level cache of a server core
/// (1 MiB), beside the rows that are read and written.
const BAND_BYTES: usize = 256 << 10;
/// Bytes of a share of what the 1×1 convolution reads: a bit less than half of it.
const SHARE_BYTES: usize = 448 << 10;

/// Whether the 1×1 convolution of a value of this form had better read it in shares:
/// where it would not stay in the cache.
pub(crate) const fn is_large(form: &Form, bytes: usize) -> bool {
    form.len() > SHARE_BYTES / bytes
}

/// How the rows are gone through.
#[derive(Clone, Copy, Debug)]
struct Rows {
    /// Blocks of a bunch, at most.
    most: usize,
    /// Rows of the depthwise output in a band, in a share, and shares.
    band: usize,
    share: usize,
    shares: usize,
}

impl Rows {
    /// For the sizes of the depthwise convolution, as if its input were whole.
    const fn new(sizes: &ConvSizes, shared: bool, vectors: Vectors, threads: usize) -> Self {
        let (input, height) = (sizes.input, max(sizes.output.h, 1));
        let reach = sizes.reach((1, 1)).0;
        let line = max(input.row() * vectors.bytes, 1);
        let mut most = widest(vectors.tile);
        // Wide rows in fewer blocks; one block would make slow tiles.
        while most > 2 && (2 * reach * most).saturating_mul(line) > BAND_BYTES {
            most -= 1;
        }
        let output = sizes.output.row() * sizes.output.blocks() * vectors.bytes;
        let (least, wanted) = if shared {
            (height.div_ceil(max(SHARE_BYTES / max(output, 1), 1)), 2 * threads)
        } else {
            (1, (4 * threads).div_ceil(max(Bunches::new(input.blocks(), most).count, 1)))
        };
        let shares = if threads > 1 { max(least, wanted) } else { least };
        let share = max(height.div_ceil(shares), min(reach, height));
        let fit = (BAND_BYTES / (most * line)).saturating_sub(reach) / sizes.stride.0 + 1;
        let band = share.div_ceil(share.div_ceil(max(fit, reach)));
        Self { most, band, share, shares: height.div_ceil(share) }
    }

    /// What lies between the first two while a band is under way, a bunch of its blocks.
    const fn before(&self, sizes: &ConvSizes) -> Form {
        let halo = Halo { top: 0, bottom: 0, ..sizes.input.halo };
        Form { h: sizes.reach((self.band, 1)).0, halo, ..sizes.input }
    }

    /// What lies in front of the last while a share is under way.
    const fn behind(&self, sizes: &ConvSizes) -> Form {
        Form { h: self.share, ..sizes.output }
    }
}

/// The scratch memory for the sizes of the depthwise convolution.
pub(crate) const fn scratch(
    sizes: &ConvSizes,
    shared: bool,
    vectors: Vectors,
    threads: usize,
) -> Scratch {
    let rows = Rows::new(sizes, shared, vectors, threads);
    let band = rows.before(sizes).block() * rows.most;
    let (share, units) =
        if shared { (rows.behind(sizes).len(), rows.shares) } else { (0, threads) };
    Scratch::new(band + share, threads, units)
}

/// All of them, ready to run.
pub(crate) struct Cascade<S: Simd> {
    first: Conv<S>,
    second: Depthwise<S>,
    third: Option<Conv<S>>,
    /// The sizes of the second.
    sizes: ConvSizes,
    rows: Rows,
    /// The scratch memory of a band, of which only a bunch of blocks is there at a time.
    before: Form,
}

impl<S: Simd> Cascade<S> {
    /// Of two or three convolutions, their sizes as if all values were whole.
    pub(crate) fn new(layers: &[ConvLayer<'_, S::E>], threads: usize) -> Option<Self> {
        let [first, second, third @ ..] = layers else { return None };
        let sizes = second.sizes;
        let rows = Rows::new(&sizes, !third.is_empty(), vectors::<S>(), threads);
        let (before, behind) = (rows.before(&sizes), rows.behind(&sizes));
        let in_bands = |layer: &ConvLayer<'_, S::E>, sizes, most, band| {
            Conv::in_bands(sizes, layer.params(), layer.fused, most, band)
        };
        let of_first = ConvSizes { output: before, ..first.sizes };
        // Padding above is a matter of which rows there are.
        let padding = (0, sizes.padding.1);
        let output = if third.is_empty() { sizes.output } else { behind };
        let of_second = ConvSizes { input: before, output, padding, ..sizes };
        let (weights, bias) = second.params();
        let third = third.first().map(|layer| {
            let sizes = ConvSizes { input: behind, ..layer.sizes };
            in_bands(layer, sizes, widest(S::TILE), rows.share)
        });
        Some(Self {
            first: in_bands(first, of_first, rows.most, rows.band * sizes.stride.0),
            second: Depthwise::new(of_second, weights, bias, second.fused),
            third,
            sizes,
            rows,
            before,
        })
    }

    /// The rows of a share, and the bunch of a unit that has one.
    fn unit(&self, unit: usize) -> (Range<usize>, Option<usize>) {
        let bunches = if self.third.is_some() { 1 } else { self.first.bunches().count };
        let start = unit / bunches * self.rows.share;
        let rows = start..(start + self.rows.share).min(self.sizes.output.h);
        (rows, self.third.is_none().then(|| unit % bunches))
    }

    /// The first two, for some rows of some blocks; the output starts with `to`.
    ///
    /// # Safety
    ///
    /// As [`Work::run`].
    unsafe fn two(
        &self,
        s: S,
        io: &Io<S::E>,
        rows: &Range<usize>,
        bunch: &Range<usize>,
        to: Origin,
    ) {
        let form = Form { c: bunch.len() * S::LANES, ..self.before };
        // SAFETY: the scratch memory is this call's, and has room for a bunch.
        unsafe { form.clear_halo(s, io.scratch) }
        let (mut made, mut top) = (0, 0);
        for start in rows.clone().step_by(self.rows.band) {
            let band = start..(start + self.rows.band).min(rows.end);
            let first = start * self.sizes.stride.0;
            let end = first + self.sizes.reach((band.len(), 1)).0;
            if made > first {
                // SAFETY: as above.
                unsafe { lift(&form, io.scratch, first - top..made - top) }
            }
            (made, top) = (made.max(first), first);
            let from = Origin { block: bunch.start, row: top };
            // SAFETY: the scratch memory has room for the rows of a band.
            unsafe { self.fill(s, io, made..end, bunch, from) }
            made = end;
            let io = Io { input: io.scratch.to_in(), ..*io };
            for block in bunch.clone() {
                // SAFETY: the rows that the taps meet have been made.
                unsafe { self.second.rows(s, &io, block, band.clone(), [from, to]) }
            }
        }
    }

    /// Makes rows of the padded value between the first two.
    ///
    /// # Safety
    ///
    /// As [`Work::run`], and the scratch memory has room for them.
    unsafe fn fill(
        &self,
        s: S,
        io: &Io<S::E>,
        rows: Range<usize>,
        bunch: &Range<usize>,
        to: Origin,
    ) {
        let (above, form) = (self.sizes.padding.0, self.before);
        let start = rows.start.max(above).min(rows.end);
        let end = rows.end.min(above + self.sizes.input.h).max(start);
        for row in (rows.start..start).chain(end..rows.end) {
            for block in 0..bunch.len() {
                let at = block * form.block() + (row - to.row) * form.row();
                // SAFETY: a row of this call's scratch memory.
                unsafe { io.scratch.part(at, form.row()).as_mut_slice() }.fill(S::E::default());
            }
        }
        // (A band may be nothing but padding.)
        if start < end {
            // From rows of the padded image to those of the image.
            let zeros = above.saturating_sub(to.row);
            let to = Origin { row: to.row.max(above) - above, ..to };
            let io = Io { output: io.scratch.from(zeros * form.row()), other: None, ..*io };
            let (rows, bunch) = (start - above..end - above, bunch.clone());
            // SAFETY: the rows exist, and have room.
            unsafe { self.first.rows(s, &io, rows, (0, bunch), [Origin::WHOLE, to]) }
        }
    }

    /// All three, for some rows.
    ///
    /// # Safety
    ///
    /// As [`Work::run`].
    unsafe fn three(&self, s: S, io: &Io<S::E>, rows: Range<usize>, third: &Conv<S>) {
        let between = io.scratch.from(self.before.block() * self.rows.most);
        let place = Origin { block: 0, row: rows.start };
        for bunch in self.first.bunches().iter() {
            let io = Io { output: between, ..*io };
            // SAFETY: the share has room in the scratch memory.
            unsafe { self.two(s, &io, &rows, &bunch, place) }
        }
        let io = Io { input: between.to_in(), ..*io };
        for bunch in third.bunches().iter() {
            let places = [place, Origin::WHOLE];
            // SAFETY: its input has been made; the rows are this call's.
            unsafe { third.rows(s, &io, rows.clone(), (0, bunch), places) }
        }
    }
}

/// Moves rows of each block to its top.
///
/// # Safety
///
/// The memory has this form and is the caller's.
unsafe fn lift<T: Element>(form: &Form, values: Out<T>, rows: Range<usize>) {
    for block in 0..form.blocks() {
        // SAFETY: as the caller promises.
        let values = unsafe { values.part(block * form.block(), form.block()).as_mut_slice() };
        values.copy_within(rows.start * form.row()..rows.end * form.row(), 0);
    }
}

impl<S: Simd> Work<S> for Cascade<S> {
    fn each_weights(&mut self, see: See<'_, S::E>) {
        self.first.each_weights(see);
        Work::<S>::each_weights(&mut self.second, see);
        if let Some(third) = &mut self.third {
            third.each_weights(see);
        }
    }

    fn units(&self, _phase: usize) -> usize {
        let bunches = if self.third.is_some() { 1 } else { self.first.bunches().count };
        self.rows.shares * bunches
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, _phase: usize, units: Range<usize>) {
        for unit in units {
            match (self.unit(unit), &self.third) {
                // SAFETY: handed on to the caller; each unit is of other rows.
                ((rows, _), Some(third)) => unsafe { self.three(s, io, rows, third) },
                ((rows, bunch), None) => {
                    let bunch = self.first.bunches().range(bunch.unwrap_or(0));
                    // SAFETY: as above, or of other blocks.
                    unsafe { self.two(s, io, &rows, &bunch, Origin::WHOLE) }
                }
            }
        }
    }

    fn facts(&self) -> Facts {
        let first = self.first.facts();
        let second = Work::<S>::facts(&self.second);
        let third = self.third.as_ref().map(Work::facts);
        let bytes = third.as_ref().map_or(0, |third| third.weight_bytes);
        let then = third.map_or_else(Default::default, |third| format!("; {}", third.tile));
        Facts {
            kernel: "cascade",
            tile: format!("{}; {}{then}", first.tile, second.tile),
            weight_bytes: first.weight_bytes + second.weight_bytes + bytes,
        }
    }
}
