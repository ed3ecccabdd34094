//! One layer along one axis: which pixels of its input a cell of its output reads.
//!
//! This is the size rule read backwards. A window with stride s, dilation d and
//! `before` pixels of padding lays the tap i of the cell y on the pixel
//! s·y + d·i − before; every other layer is given by such a line too.

use alloc::vec::Vec;

use crate::spec::{Axis, Dims, Extent, Op, Padding, Resize, ShapeRule, Spread};

/// A row of pixels or cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Span {
    /// None of them.
    Nothing,
    /// From the first to the last; those outside of the image are padding.
    Cells(i64, i64),
    /// All of the axis.
    Whole,
}

impl Span {
    /// The smallest span that holds both.
    pub(super) const fn union(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, span) | (span, Self::Nothing) => span,
            (Self::Whole, _) | (_, Self::Whole) => Self::Whole,
            (Self::Cells(a, b), Self::Cells(c, d)) => {
                Self::Cells(if a < c { a } else { c }, if b > d { b } else { d })
            }
        }
    }

    /// What of it lies on an axis of this size.
    pub(super) const fn clip(self, size: Extent) -> Self {
        let Extent::Fixed(size) = size else {
            return self;
        };
        let end = to_i64(size) - 1;
        match self {
            Self::Whole if end >= 0 => Self::Cells(0, end),
            Self::Cells(first, last) => {
                let first = if first < 0 { 0 } else { first };
                let last = if last > end { end } else { last };
                if first <= last { Self::Cells(first, last) } else { Self::Nothing }
            }
            _ => Self::Nothing,
        }
    }
}

/// Which pixels of an axis a cell of the output reads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach {
    /// The pixel in its own place.
    Own,
    /// All of them.
    Whole,
    /// Those under the taps of a window, with so many pixels of padding before.
    Window { axis: Axis, before: i64 },
    /// Those that a transposed convolution spreads onto it.
    Spread(Spread),
    /// The one so many pixels before.
    Shift(i64),
    /// The one that it is a part of, so many to one.
    Part(i64),
    /// The two that it lies between, on an axis of this size.
    Between { factor: i64, align_corners: bool, size: Extent },
}

impl Reach {
    /// That of `op` on `input`, down the rows or along a row.
    pub(super) const fn of(op: &Op, input: Dims, vertical: bool) -> Self {
        let Dims::Image { h, w, .. } = input else {
            return if op.keeps_shape() { Self::Own } else { Self::Whole };
        };
        let size = if vertical { h } else { w };
        let window = match op {
            Op::Conv2d(conv) => conv.window,
            Op::MaxPool2d(pool) | Op::AvgPool2d(pool) => pool.window,
            Op::LpPool2d(pool) => pool.window,
            Op::ConvTranspose2d(conv) => {
                return Self::Spread(if vertical { conv.h } else { conv.w });
            }
            Op::Pad2d(pad) => {
                return Self::Shift(to_i64(if vertical { pad.top } else { pad.left }));
            }
            Op::PixelShuffle { factor } => return Self::Part(to_i64(*factor)),
            Op::Upsample(upsample) => {
                let factor = to_i64(if vertical { upsample.rows } else { upsample.columns });
                return match upsample.resize {
                    Resize::Nearest => Self::Part(factor),
                    Resize::Bilinear { align_corners } => {
                        Self::Between { factor, align_corners, size }
                    }
                };
            }
            Op::Custom(op) => {
                return match op.rule {
                    ShapeRule::Like(op) => Self::of(op, input, vertical),
                    ShapeRule::Same => Self::Own,
                    ShapeRule::Fixed { .. } => Self::Whole,
                };
            }
            op => return if op.keeps_shape() { Self::Own } else { Self::Whole },
        };
        let axis = if vertical { window.h } else { window.w };
        Self::Window { axis, before: pad_before(axis, size) }
    }

    /// The pixels that the cells of `span` read, from the first to the last.
    pub(super) const fn span(self, span: Span) -> Span {
        let (a, b) = match (self, span) {
            (_, Span::Nothing) => return Span::Nothing,
            (Self::Whole, _) | (_, Span::Whole) => return Span::Whole,
            (_, Span::Cells(a, b)) => (a, b),
        };
        match self {
            Self::Own | Self::Whole => span,
            Self::Window { axis, before } => {
                let (stride, reach) = (to_i64(axis.stride), reach(axis.kernel, axis.dilation));
                let (first, last) = (a.saturating_mul(stride), b.saturating_mul(stride));
                let last = last.saturating_add(reach - before);
                Span::Cells(first.saturating_sub(before), last)
            }
            Self::Spread(spread) => spread_span(spread, a, b),
            Self::Shift(before) => Span::Cells(a.saturating_sub(before), b.saturating_sub(before)),
            Self::Part(factor) => Span::Cells(floor(a, factor), floor(b, factor)),
            Self::Between { .. } => {
                let ((first, _), (_, last)) = (self.between(a), self.between(b));
                Span::Cells(first, last)
            }
        }
    }

    /// The pixels on an axis of `size` that the cell `cell` reads, each of them.
    pub(super) fn pixels(self, cell: usize, size: usize) -> Vec<usize> {
        let at = to_i64(cell);
        let inside = |pixel: i64| usize::try_from(pixel).ok().filter(|&pixel| pixel < size);
        match self {
            Self::Own | Self::Shift(_) | Self::Part(_) | Self::Between { .. } => {
                match self.span(Span::Cells(at, at)) {
                    Span::Cells(first, last) => (first..=last).filter_map(inside).collect(),
                    _ => Vec::new(),
                }
            }
            Self::Whole => (0..size).collect(),
            Self::Window { axis, before } => {
                let corner = at.saturating_mul(to_i64(axis.stride)) - before;
                let tap = |i| corner.saturating_add(to_i64(axis.dilation).saturating_mul(i));
                (0..to_i64(axis.kernel)).filter_map(|i| inside(tap(i))).collect()
            }
            Self::Spread(spread) => {
                let grown = at + to_i64(spread.before);
                let meets = |&pixel: &usize| {
                    let rest = grown.checked_sub(to_i64(pixel * spread.stride));
                    rest.is_some_and(|rest| {
                        let reach = reach(spread.kernel, spread.dilation);
                        (0..=reach).contains(&rest) && rest % to_i64(spread.dilation) == 0
                    })
                };
                (0..size).filter(meets).collect()
            }
        }
    }

    /// How many cells the output has for one pixel.
    pub(super) const fn growth(self) -> u64 {
        match self {
            Self::Part(factor) | Self::Between { factor, .. } => factor.cast_unsigned(),
            Self::Spread(spread) => spread.stride as u64,
            _ => 1,
        }
    }

    /// The first and the last pixel that a cell between pixels has a weight for.
    const fn between(self, cell: i64) -> (i64, i64) {
        let Self::Between { factor, align_corners, size } = self else {
            return (cell, cell);
        };
        // Where it lies, as a fraction of pixels (see `crate::naive`).
        let (place, whole) = match (align_corners, size) {
            (true, Extent::Fixed(size)) => {
                let grown = to_i64(size).saturating_mul(factor) - 1;
                (cell.saturating_mul(to_i64(size) - 1), if grown > 1 { grown } else { 1 })
            }
            _ => (cell.saturating_mul(2).saturating_add(1 - factor), factor.saturating_mul(2)),
        };
        let first = floor(place, whole);
        if place == first * whole { (first, first) } else { (first, first + 1) }
    }
}

/// The padding before the first pixel. What SAME pads at run-time sizes is that
/// of a multiple of the stride.
const fn pad_before(axis: Axis, size: Extent) -> i64 {
    let size = match (size, axis.padding) {
        (Extent::Fixed(n), _) => n,
        (_, Padding::Explicit { .. }) => 1,
        _ => axis.stride,
    };
    match axis.pads(size) {
        Ok((before, _)) => to_i64(before),
        Err(_) => 0,
    }
}

/// The inputs of a transposed convolution that reach the cells a to b: those of
/// which a tap, at stride·x + dilation·i − before, falls on one of them.
const fn spread_span(spread: Spread, a: i64, b: i64) -> Span {
    let before = to_i64(spread.before);
    let (a, b) = (a.saturating_add(before), b.saturating_add(before));
    let (stride, dilation) = (to_i64(spread.stride), to_i64(spread.dilation));
    let reach = reach(spread.kernel, spread.dilation);
    if stride == 0 || dilation == 0 {
        return Span::Nothing;
    }
    let (mut first, mut last) = (-floor(reach - a, stride), floor(b, stride));
    while first <= last && !spread_meets(a - first * stride, b - first * stride, reach, dilation) {
        first += 1;
    }
    while first <= last && !spread_meets(a - last * stride, b - last * stride, reach, dilation) {
        last -= 1;
    }
    if first <= last { Span::Cells(first, last) } else { Span::Nothing }
}

/// Whether one of the taps 0, d, 2d, … up to `reach` lies in a to b.
const fn spread_meets(a: i64, b: i64, reach: i64, dilation: i64) -> bool {
    let from = if a < 0 { 0 } else { -floor(-a, dilation) * dilation };
    from <= b && from <= reach
}

/// d·(k − 1): pixels from the first tap to the last.
const fn reach(kernel: usize, dilation: usize) -> i64 {
    to_i64(dilation).saturating_mul(to_i64(kernel.saturating_sub(1)))
}

/// a / b, rounded down; 0 if b is.
pub(super) const fn floor(a: i64, b: i64) -> i64 {
    if b == 0 { 0 } else { a.div_euclid(b) }
}

/// A size as a signed number that leaves room to calculate (saturating).
pub(super) const fn to_i64(n: usize) -> i64 {
    const MOST: usize = 1 << (usize::BITS - 4);
    if n > MOST { MOST.cast_signed() as i64 } else { n.cast_signed() as i64 }
}

/// A place that is known to be on an axis.
pub(super) const fn to_usize(place: i64) -> usize {
    place.cast_unsigned() as usize
}
