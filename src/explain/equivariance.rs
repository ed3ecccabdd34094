//! Why convolution: when the image moves, the map moves along.
//!
//! # The formula
//!
//! A map f is equivariant to a shift T if f(T x) = T f(x). A convolution with stride 1
//! is, since its weights are the same at every place; with stride s it is for shifts by
//! multiples of s, which move the map by s times less (Goodfellow, Bengio, Courville,
//! "Deep Learning", 2016, section 9.2; Cohen and Welling, "Group equivariant
//! convolutional networks", 2016). It holds where no padding comes into play: at the
//! rim zeros take the place of what moved in or out.
//!
//! A fully-connected layer knows no neighbours. Moving an image by a pixel changes
//! its flattened vector almost everywhere ([`flips`]); permuting the pixels of *every*
//! image, on the other hand, does it no harm, since its columns can be permuted along
//! ([`permuted`]). A convolution can't: what it uses is that neighbours in the image
//! are neighbours ([`Matrix::permuted`](super::matrix::Matrix::permuted)). That is the
//! price, a field of sight no larger than the kernel; and the maps, which have far more
//! values than a vector has, must be kept ([`ACTIVATIONS`](crate::Network::ACTIVATIONS)).
//!
//! # The code
//!
//! The stride of a network is a const, [`FIELD`](crate::Network::FIELD)`.h.stride`: the
//! shifts that move its map along. [`deviation`] compares, cell by cell, the map of the
//! moved image with the moved map, wherever a cell sees pixels of both images only; which those are tells
//! [`receptive_field`](super::receptive_field).
//!
//! # Examples
//!
//! ```
//! use typenet::explain::equivariance::{deviation, flips, shifted};
//! use typenet::prelude::*;
//!
//! network! { struct Net: [1, 9, 9] -> [2, 7, 7] { conv: Conv2d<1, 2, K = 3>, relu: Relu } }
//! const _: () = assert!(Net::FIELD.h.stride.pixels == 1); // every shift
//!
//! let net = Net::random(1);
//! let image: Vec<f32> = (0..81).map(|i| (i * i % 7) as f32).collect();
//! let run = |x: &[f32]| net.as_any().run(Net::INPUT, x).unwrap();
//! let found = deviation(net.as_any().graph(), &image, [1, 2], run).unwrap();
//! // 6 rows of 5 cells in 2 channels have moved along.
//! assert_eq!((found.cells, found.largest), (60, 0.0));
//!
//! let moved = shifted(&image, Net::INPUT, [0, 1], 0.0);
//! assert_eq!(flips(&image, &moved, 3.0), 44);
//! ```

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::page::page;
use super::receptive_field::{Field, table};
use crate::element::Element;
use crate::graph::Graph;
use crate::spec::Dims;

/// An image moved `down` and `right` by so many pixels (up and left below 0); what
/// moves in from outside is `fill`. A vector stays as it is.
pub fn shifted<T: Copy>(image: &[T], dims: Dims, [down, right]: [isize; 2], fill: T) -> Vec<T> {
    let Dims::Image { h, w, .. } = dims else {
        return image.to_vec();
    };
    let (h, w) = (h.or_zero(), w.or_zero());
    let value = |(index, _): (usize, &T)| {
        let (plane, y, x) = (index / (h * w), index / w % h, index % w);
        let from_y = y.checked_add_signed(-down).filter(|&y| y < h);
        let from_x = x.checked_add_signed(-right).filter(|&x| x < w);
        match (from_y, from_x) {
            (Some(y), Some(x)) => image.get((plane * h + y) * w + x).copied().unwrap_or(fill),
            _ => fill,
        }
    };
    image.iter().enumerate().map(value).collect()
}

/// How many inputs of a flattened image change sides of the `threshold`.
pub fn flips<T: PartialOrd + Copy>(image: &[T], other: &[T], threshold: T) -> usize {
    let pairs = image.iter().zip(other);
    pairs.filter(|(a, b)| (**a > threshold) != (**b > threshold)).count()
}

/// The values in another order: the i-th is the `order[i]`-th of `values`. Weights of
/// a fully-connected layer are permuted row by row.
///
/// ```
/// use typenet::explain::equivariance::permuted;
///
/// let order = [2, 0, 1];
/// let (image, weights) = ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
/// let sum = |w: &[f64], x: &[f64]| w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
/// assert_eq!(sum(&permuted(&weights, &order), &permuted(&image, &order)), sum(&weights, &image));
/// ```
///
/// # Panics
///
/// If an index of `order` is not below its length, or the number of values is not a
/// multiple of that.
pub fn permuted<T: Copy>(values: &[T], order: &[usize]) -> Vec<T> {
    let rows = values.chunks_exact(order.len().max(1));
    assert!(rows.remainder().is_empty(), "the values are not rows of {} each", order.len());
    rows.flat_map(|row| order.iter().map(|&index| row[index])).collect()
}

/// How far the map of the moved image is from the moved map.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Deviation {
    /// Values that were compared: those of cells that see pixels of both images only.
    pub cells: usize,
    /// The largest difference; NaN if one is.
    pub largest: f64,
}

/// Runs `image` and the same moved `down` and `right`, and compares what comes out.
/// The map should move by the shift divided by its stride; where that is no whole
/// number, by the next smaller one. `None` if the output is no map that moves.
pub fn deviation<T: Element>(
    graph: &Graph,
    image: &[T],
    [down, right]: [isize; 2],
    mut run: impl FnMut(&[T]) -> Vec<T>,
) -> Option<Deviation> {
    let (Dims::Image { h, w, .. }, Dims::Image { h: rows, w: columns, .. }) =
        (graph.input(), graph.output_dims())
    else {
        return None;
    };
    let field = *table(graph).last()?;
    let (down_map, right_map) = (moves(field.h, down)?, moves(field.w, right)?);
    let (rows, columns) = (rows.or_zero(), columns.or_zero());
    let still = run(image);
    let moved = run(&shifted(image, graph.input(), [down, right], T::zero()));
    let mut found = Deviation { cells: 0, largest: 0.0 };
    for (index, value) in moved.iter().enumerate() {
        let (plane, y, x) = (index / (rows * columns), index / columns % rows, index % columns);
        if !clear(field.h, y, h.or_zero(), down) || !clear(field.w, x, w.or_zero(), right) {
            continue;
        }
        let y = y.checked_add_signed(-down_map).filter(|&y| y < rows);
        let x = x.checked_add_signed(-right_map).filter(|&x| x < columns);
        let (Some(y), Some(x)) = (y, x) else { continue };
        let other = still.get((plane * rows + y) * columns + x)?;
        let off = (value.to_double() - other.to_double()).abs();
        found.cells += 1;
        if off > found.largest || off.is_nan() {
            found.largest = off;
        }
    }
    Some(found)
}

/// By how many cells the map moves when the image moves by `shift` pixels.
fn moves(field: Field, shift: isize) -> Option<isize> {
    let (pixels, cells) =
        (isize::try_from(field.stride.pixels).ok()?, isize::try_from(field.stride.cells).ok()?);
    (pixels > 0).then(|| (shift * cells).div_euclid(pixels))
}

/// Whether a cell sees only pixels that were in the image before and after the shift.
fn clear(field: Field, cell: usize, size: usize, shift: isize) -> bool {
    let (Ok(cell), Ok(size), Ok(span)) =
        (i64::try_from(cell), i64::try_from(size), i64::try_from(field.size))
    else {
        return false;
    };
    let (pixels, cells) = (field.stride.pixels.cast_signed(), field.stride.cells.cast_signed());
    let first = field.start + (cell * pixels).div_euclid(cells);
    let shift = shift as i64;
    first >= shift.max(0) && first + span <= size + shift.min(0)
}

/// The flattened vectors of an image and of another one as strips, filled where they lie
/// above the threshold, and below them which inputs flip.
pub fn strips_svg<T: PartialOrd + Copy>(image: &[T], other: &[T], threshold: T) -> String {
    const WIDTH: usize = 4;
    let flipped = flips(image, other, threshold);
    let caption = format!("{flipped} of {} inputs flip", image.len());
    let marks = |values: &[T]| -> Vec<bool> { values.iter().map(|v| *v > threshold).collect() };
    let (before, after) = (marks(image), marks(other));
    let differ: Vec<bool> = before.iter().zip(&after).map(|(a, b)| a != b).collect();
    let width = image.len() * WIDTH;
    let mut svg = page(width.max(200) + 40, 196);
    for (row, (name, class, marks)) in
        [("image", "ink", before), ("moved", "ink", after), (caption.as_str(), "flip", differ)]
            .into_iter()
            .enumerate()
    {
        let y = 14 + row * 58;
        let _ = write!(svg, "<text x=\"20\" y=\"{}\">{name}</text>", y + 12);
        let frame = format!("x=\"20\" y=\"{}\" width=\"{width}\" height=\"30\"", y + 18);
        let _ = write!(svg, "<rect class=\"frame\" {frame}/>");
        let mut x = 20;
        for run in marks.chunk_by(|a, b| a == b) {
            let long = run.len() * WIDTH;
            if run[0] {
                let place = format!("x=\"{x}\" y=\"{}\" width=\"{long}\" height=\"30\"", y + 18);
                let _ = write!(svg, "<rect class=\"{class}\" {place}/>");
            }
            x += long;
        }
    }
    svg.push_str("</svg>");
    svg
}
