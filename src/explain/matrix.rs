//! A convolution as the fully-connected layer that does the same.
//!
//! # The formula
//!
//! A convolution is linear, so there is a matrix M with out = M·in + bias, where both
//! images are flattened. Row (o, y, x) holds weight\[o, c, i, j\] in column
//! (c, S·y + D·i − P, S·x + D·j − P), and 0 elsewhere: for one channel a doubly blocked
//! Toeplitz matrix (Goodfellow, Bengio, Courville, "Deep Learning", 2016, section 9.1;
//! Dumoulin and Visin, 2016, section 4.1). Two things are plain to see in it, and are
//! what a convolution saves: it is *sparse* (each output has few inputs), and its
//! weights are *shared* (each stands in every row of its filter).
//!
//! # The code
//!
//! [`Conv2d::as_matrix`] gives a [`Matrix`], which holds for each entry which weight it is, so that sharing can be
//! seen; [`Matrix::values`] gives the numbers, [`Matrix::svg`] the drawing, a colour
//! for each weight.
//!
//! # Examples
//!
//! ```
//! use typenet::spec::{Axis, Conv2d, Dims, Window};
//!
//! let window = Window { h: Axis::new(1, 1, 0), w: Axis::new(2, 1, 0) };
//! let conv = Conv2d { inputs: 1, outputs: 1, window, groups: 1, bias: false };
//! let matrix = conv.as_matrix(Dims::image(1, 1, 4))?;
//! assert_eq!(matrix.values(&[5.0, 7.0]), [
//!     5.0, 7.0, 0.0, 0.0,
//!     0.0, 5.0, 7.0, 0.0,
//!     0.0, 0.0, 5.0, 7.0,
//! ]);
//! # Ok::<(), typenet::error::ShapeError>(())
//! ```

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write;

use super::page::{colour, page};
use crate::element::Element;
use crate::error::ShapeError;
use crate::graph::Graph;
use crate::spec::{Axis, Conv2d, Dims, Op, Spec};

/// The fully-connected layer that does what a convolution does: which weight stands
/// where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    /// Row by row; 0 for no weight, one more than its index for a weight.
    entries: Vec<u32>,
}

/// The most entries of a matrix.
const MOST: usize = 1 << 26;

impl Matrix {
    /// Rows and columns: output and input values.
    pub fn size(&self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    /// Which of the convolution's weights stands there; `None` for a 0.
    pub fn weight(&self, row: usize, column: usize) -> Option<usize> {
        let entry = self.entries.get(row.checked_mul(self.columns)?.checked_add(column)?)?;
        (column < self.columns).then_some(*entry as usize).and_then(|entry| entry.checked_sub(1))
    }

    /// How many entries hold a weight.
    pub fn connections(&self) -> usize {
        self.entries.iter().filter(|&&entry| entry > 0).count()
    }

    /// The matrix row by row, for these weights of the convolution; a weight that is
    /// not given counts as 0.
    pub fn values<T: Element>(&self, weights: &[T]) -> Vec<T> {
        let value = |&entry: &u32| match (entry as usize).checked_sub(1) {
            Some(weight) => weights.get(weight).copied().unwrap_or_else(T::zero),
            None => T::zero(),
        };
        self.entries.iter().map(value).collect()
    }

    /// The same layer for inputs in another order: its column i is the `order[i]`-th
    /// of this one. `None` if `order` is not one of the columns.
    ///
    /// A fully-connected layer loses nothing by that. What comes out of a
    /// convolution's matrix is one no more: the same weights are no longer at the
    /// same distances.
    pub fn permuted(&self, order: &[usize]) -> Option<Self> {
        let mut seen = vec![false; self.columns];
        for &column in order {
            *seen.get_mut(column)? = true;
        }
        if order.len() != self.columns || seen.contains(&false) {
            return None;
        }
        let rows = self.entries.chunks(self.columns);
        let entries = rows.flat_map(|row| order.iter().map(|&column| row[column])).collect();
        Some(Self { entries, ..*self })
    }

    /// A drawing: a square for each entry, a colour for each weight, nothing for a 0.
    pub fn svg(&self) -> String {
        const SIDE: usize = 10;
        let weights = self.entries.iter().max().copied().unwrap_or(0).max(1);
        let caption = format!(
            "{} × {} entries, {} of them weights, {weights} different ones",
            self.rows,
            self.columns,
            self.connections()
        );
        let (width, height) = (self.columns * SIDE, self.rows * SIDE);
        let side = (width + 40).max(caption.chars().count() * 7 + 40);
        let mut svg = page(side, height + 62);
        let _ = write!(svg, "<text x=\"20\" y=\"24\">{caption}</text>");
        let frame = format!("x=\"20\" y=\"36\" width=\"{width}\" height=\"{height}\"");
        let _ = write!(svg, "<rect class=\"frame\" {frame}/>");
        for (at, &entry) in self.entries.iter().enumerate().filter(|(_, entry)| **entry > 0) {
            let (x, y) = (20 + at % self.columns * SIDE, 36 + at / self.columns * SIDE);
            let colour = colour((entry as usize - 1) * 360 / weights as usize);
            let _ = write!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{SIDE}\" height=\"{SIDE}\" \
                 fill=\"{colour}\"/>"
            );
        }
        let y = height + 54;
        let _ = write!(svg, "<text x=\"20\" y=\"{y}\">a row for each output</text></svg>");
        svg
    }
}

impl Conv2d {
    /// The fully-connected layer that does the same on an input of the shape `input`
    /// ([how it is drawn](crate::explain::matrix)).
    ///
    /// # Errors
    ///
    /// If the convolution does not take such an input, or the matrix would have more
    /// than 2²⁶ entries: a fully-connected layer soon does.
    pub fn as_matrix(&self, input: Dims) -> Result<Matrix, ShapeError> {
        let conv = self;
        let output = Graph::new(&Spec::Op(Op::Conv2d(*conv)), input)?.output_dims();
        let (Dims::Image { h, w, .. }, Dims::Image { h: out_h, w: out_w, .. }) = (input, output)
        else {
            return Err(ShapeError::input(output, input));
        };
        let (Some(rows), Some(columns)) = (output.elements(), input.elements()) else {
            return Err(ShapeError::input(output, input));
        };
        if rows.checked_mul(columns).is_none_or(|entries| entries > MOST) {
            let text = format!("a matrix of {rows}×{columns} is too large: at most {MOST} entries");
            return Err(ShapeError::new(text));
        }
        let mut matrix = Matrix { rows, columns, entries: vec![0; rows * columns] };
        let (h, w) = (h.or_zero(), w.or_zero());
        let (out_h, out_w) = (out_h.or_zero(), out_w.or_zero());
        let (per_group, filters) = (conv.inputs_per_group(), conv.outputs / conv.groups);
        let (kernel_h, kernel_w) = (conv.window.h.kernel, conv.window.w.kernel);
        for row in 0..rows {
            let (o, y, x) = (row / (out_h * out_w), row / out_w % out_h, row % out_w);
            for c in 0..per_group {
                for (i, pixel_y) in taps(conv.window.h, y, h) {
                    for (j, pixel_x) in taps(conv.window.w, x, w) {
                        let channel = o / filters * per_group + c;
                        let column = (channel * h + pixel_y) * w + pixel_x;
                        let weight = ((o * per_group + c) * kernel_h + i) * kernel_w + j;
                        matrix.entries[row * columns + column] = weight as u32 + 1;
                    }
                }
            }
        }
        Ok(matrix)
    }
}

/// The taps of a window that fall on an axis of `size`, and the pixels they fall on.
fn taps(axis: Axis, window: usize, size: usize) -> impl Iterator<Item = (usize, usize)> {
    let (before, _) = axis.pads(size).unwrap_or((0, 0));
    (0..axis.kernel).filter_map(move |tap| {
        let pixel = (window * axis.stride + tap * axis.dilation).checked_sub(before)?;
        (pixel < size).then_some((tap, pixel))
    })
}
