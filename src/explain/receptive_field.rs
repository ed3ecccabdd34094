//! What one cell of a map sees of the image: receptive fields.
//!
//! # The formula
//!
//! Along one axis, a chain of windows with kernels kᵢ, strides sᵢ, dilations dᵢ
//! and paddings pᵢ gives maps whose cells see
//!
//! ```text
//! size    rᵢ = rᵢ₋₁ + dᵢ·(kᵢ − 1)·jᵢ₋₁     r₀ = 1
//! stride  jᵢ = jᵢ₋₁·sᵢ                     j₀ = 1
//! start   uᵢ = uᵢ₋₁ − pᵢ·jᵢ₋₁              u₀ = 0
//! ```
//!
//! pixels: the cell y sees those from u + j·y to u + j·y + r − 1. Some of them may
//! be padding: −u is the effective padding of the papers, so that VGG-16's last
//! pool is 212/32/90. (Araujo, Norris, Sim, ["Computing receptive fields of
//! convolutional neural networks"](https://distill.pub/2019/computing-receptive-fields/),
//! 2019; Le, Borji, "What are the receptive, effective receptive, and projective
//! fields of neurons in convolutional neural networks?", 2017.)
//!
//! # The code
//!
//! The three lines only serve chains that never grow. So the code goes the other
//! way: from a cell back through the layers, by the line y ↦ s·y + d·i − p of each
//! (`Reach`), with the union where branches part. Size, stride and start are read
//! off from the first cells; where a map has grown, a stride can be a half, and the
//! size is that of the cell that sees most. (Arms of different strides whose maps have
//! one size all the same, on a small image: there cells further on see more than the
//! first ones, whose size is given.) For chains both ways agree, which is a
//! test.
//!
//! - [`of`] and [`behind`] are const, over the description; what a [`Network`]
//!   sees is [`Network::FIELD`].
//! - [`table`] lists every layer of a laid-out [`Graph`](crate::graph::Graph).
//! - [`rectangle`] and [`pixels`] tell what one cell really sees, padding and the
//!   pixels that a floor has dropped left out; [`svg`] draws it on an image.
//!
//! What a cell does not see it cannot depend on. How much it depends on what it
//! sees is another matter: near the middle of the field much more than at its rim
//! (Luo et al., "Understanding the effective receptive field in deep convolutional
//! neural networks", 2016).
//!
//! A layer of your own that keeps the shape ([`CustomLayer`](crate::CustomLayer))
//! is taken to look at each pixel by itself.
//!
//! # Examples
//!
//! ```
//! use typenet::explain::receptive_field::{behind, of};
//! use typenet::prelude::*;
//! use typenet::spec::Dims;
//!
//! network! {
//!     struct Two: [1, 28, 28] -> [1, 24, 24] {
//!         conv1: Conv2d<1, 1, K = 3>,
//!         conv2: Conv2d<1, 1, K = 3>,
//!     }
//! }
//! // Two 3×3 convolutions see what one 5×5 does.
//! const _: () = assert!(behind(Two::SPEC, Two::INPUT, "conv1").h.size == 3);
//! const _: () = assert!(Two::FIELD.h.size == 5);
//!
//! type Stem = (Conv2d<3, 64, 7, 2, 3>, MaxPool2d<3, 2, 1>);
//! assert_eq!(of(Stem::SPEC, Dims::image(3, 224, 224)).to_string(), "11×11, stride 4×4, from -5 -5");
//! ```
//!
//! [`Network`]: crate::Network
//! [`Network::FIELD`]: crate::Network::FIELD

mod graph;
mod picture;
mod reach;
mod walk;

use core::fmt;

pub use graph::{Pixels, pixels, rectangle, table};
pub use picture::svg;

use crate::spec::{Dims, Extent, Spec};
use reach::{Span, to_i64, to_usize};
use walk::{Region, Walk};

/// How many pixels lie between what two neighbours see: a fraction where a map
/// has grown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stride {
    /// So many pixels,
    pub pixels: u64,
    /// after so many cells.
    pub cells: u64,
}

/// What the cells of a map see along one axis of the input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    /// How many pixels a cell sees, padding included; where cells differ, the most.
    /// `u64::MAX` for all of an axis whose size is `Dyn`.
    pub size: u64,
    /// How far further on the next cell's begin; 0 where every cell sees all.
    pub stride: Stride,
    /// Where the first cell's begin; below 0 in the padding.
    pub start: i64,
}

/// What the cells of a map see of the input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReceptiveField {
    /// Down the rows.
    pub h: Field,
    /// Along a row.
    pub w: Field,
}

/// A rectangle of pixels; both ends belong to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rectangle {
    /// The first row.
    pub top: usize,
    /// The last row.
    pub bottom: usize,
    /// The first column.
    pub left: usize,
    /// The last column.
    pub right: usize,
}

/// What a cell of the output of `spec` sees of an input of the shape `input`.
///
/// A vector sees all. SAME padding hangs on the size; where that is `Dyn`, it is
/// taken to be one that every stride divides.
pub const fn of(spec: &Spec<'_>, input: Dims) -> ReceptiveField {
    behind(spec, input, "")
}

/// What a cell behind the layer called `layer`, `features.pool5`, sees.
///
/// # Panics
///
/// If there is no such layer.
#[expect(clippy::panic, reason = "an error of const evaluation")]
pub const fn behind(spec: &Spec<'_>, input: Dims, layer: &str) -> ReceptiveField {
    let period = walk::period(spec, input).cast_signed();
    let walk = Walk { clip: false, layer };
    // A cell that sees nothing at all has no start.
    let (mut sizes, mut phase) = ((0, 0), 0);
    let (mut first, mut origin) = (Region::NOTHING, 0);
    while phase < period {
        let Some(seen) = walk.back(spec, input, Region::cell(phase, phase)) else {
            panic!("the network has no such layer");
        };
        sizes = larger(sizes, seen);
        if let (Span::Nothing, _) | (_, Span::Nothing) = (first.h, first.w) {
            (first, origin) = (seen, phase);
        }
        phase += 1;
    }
    let next = Region::cell(origin + period, origin + period);
    let next = match walk.back(spec, input, next) {
        Some(next) => next,
        None => Region::NOTHING,
    };
    fields(input, sizes, (first, next), period)
}

/// What the cell in this row and column behind the layer sees: the smallest
/// rectangle without padding and without what is dropped on the way, `None` if that
/// is nothing. (With dilated windows it may be a little larger than needed.)
///
/// # Panics
///
/// If there is no such layer.
#[expect(clippy::panic, reason = "an error of const evaluation")]
pub const fn seen(
    spec: &Spec<'_>,
    input: Dims,
    layer: &str,
    [row, column]: [usize; 2],
) -> Option<Rectangle> {
    let cell = Region::cell(to_i64(row), to_i64(column));
    let walk = Walk { clip: true, layer };
    let Some(region) = walk.back(spec, input, cell) else {
        panic!("the network has no such layer");
    };
    let region = region.clip(input);
    match (region.h, region.w) {
        (Span::Cells(top, bottom), Span::Cells(left, right)) => Some(Rectangle {
            top: to_usize(top),
            bottom: to_usize(bottom),
            left: to_usize(left),
            right: to_usize(right),
        }),
        _ => None,
    }
}

/// The most pixels down and along that this region or one before has.
const fn larger((h, w): (u64, u64), region: Region) -> (u64, u64) {
    let (own_h, own_w) = (length(region.h), length(region.w));
    (if own_h > h { own_h } else { h }, if own_w > w { own_w } else { w })
}

const fn length(span: Span) -> u64 {
    match span {
        Span::Nothing => 0,
        Span::Cells(first, last) => last.abs_diff(first).saturating_add(1),
        Span::Whole => u64::MAX,
    }
}

/// Both axes, from what the first cell and the one a period behind it see.
const fn fields(
    input: Dims,
    sizes: (u64, u64),
    (first, next): (Region, Region),
    period: i64,
) -> ReceptiveField {
    let (h, w) = match input {
        Dims::Image { h, w, .. } => (h, w),
        Dims::Vector(n) => (n, Extent::Fixed(1)),
        Dims::Unknown => (Extent::Unknown, Extent::Unknown),
    };
    ReceptiveField {
        h: field(h, sizes.0, (first.h, next.h), period),
        w: field(w, sizes.1, (first.w, next.w), period),
    }
}

const fn field(axis: Extent, size: u64, spans: (Span, Span), period: i64) -> Field {
    match spans {
        (Span::Cells(start, _), Span::Cells(next, _)) => {
            let (pixels, cells) = (next.abs_diff(start), period.cast_unsigned());
            let divisor = divisor(pixels, cells);
            let stride = Stride { pixels: pixels / divisor, cells: cells / divisor };
            Field { size, stride, start }
        }
        (Span::Nothing, _) | (_, Span::Nothing) => {
            Field { size: 0, stride: Stride { pixels: 0, cells: 1 }, start: 0 }
        }
        _ => {
            let size = match axis {
                Extent::Fixed(n) => n as u64,
                _ => u64::MAX,
            };
            Field { size, stride: Stride { pixels: 0, cells: 1 }, start: 0 }
        }
    }
}

/// The greatest common divisor; 1 of two zeros.
const fn divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

impl Field {
    /// Pixels of padding before the image in what the first cell sees.
    pub const fn padding(&self) -> u64 {
        if self.start < 0 { self.start.unsigned_abs() } else { 0 }
    }
}

impl fmt::Display for Stride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cells {
            1 => write!(f, "{}", self.pixels),
            cells => write!(f, "{}/{cells}", self.pixels),
        }
    }
}

impl fmt::Display for ReceptiveField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { h, w } = self;
        write!(
            f,
            "{}×{}, stride {}×{}, from {} {}",
            h.size, w.size, h.stride, w.stride, h.start, w.start
        )
    }
}
