//! Operators that move pixels about.

use super::grid::Grid;
use crate::element::Element;
use crate::spec::{Call, Pad2d, Resize, Upsample};

/// out\[c, y, x\] = in\[c, y − top, x − left\], or the value around the image.
pub(super) fn pad2d<T: Element>(pad: &Pad2d, call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let (from, to) = (Grid::of(call.input_dims), Grid::of(call.output_dims));
    output.fill(T::from_double(pad.value));
    for c in 0..from.channels {
        for row in 0..from.height {
            for column in 0..from.width {
                let at = to.index(c, row + pad.top, column + pad.left);
                output[at] = input[from.index(c, row, column)];
            }
        }
    }
}

/// out\[c, y, x\] = Σ weight of row · weight of column · in\[c, row, column\]:
/// of one pixel with the weight 1, or of up to four between which (y, x) lies.
/// A pixel without weight is not read.
pub(super) fn upsample<T: Element>(upsample: &Upsample, call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let (from, to) = (Grid::of(call.input_dims), Grid::of(call.output_dims));
    for c in 0..to.channels {
        for y in 0..to.height {
            let rows = neighbours(upsample.resize, y, upsample.rows, from.height);
            for x in 0..to.width {
                let columns = neighbours(upsample.resize, x, upsample.columns, from.width);
                output[to.index(c, y, x)] = match upsample.resize {
                    Resize::Nearest => input[from.index(c, rows[0].0, columns[0].0)],
                    Resize::Bilinear { .. } => {
                        weighted(rows, columns, |row, column| input[from.index(c, row, column)])
                    }
                };
            }
        }
    }
}

/// The sum of the pixels that have a weight.
fn weighted<T: Element>(
    rows: [(usize, f64); 2],
    columns: [(usize, f64); 2],
    pixel: impl Fn(usize, usize) -> T,
) -> T {
    let mut sum = T::zero();
    for (row, down) in rows {
        for (column, along) in columns {
            if down > 0.0 && along > 0.0 {
                sum = sum + T::from_double(down * along) * pixel(row, column);
            }
        }
    }
    sum
}

/// The two pixels of an axis of `size` between which the `at`-th of `factor` as
/// many lies, with their weights.
///
/// Pixels are squares: the middle of the `at`-th lies at (at + ½) / factor, half
/// a pixel behind the middle of the pixel before it. With `align_corners` they
/// are points, of which the outer ones lie on each other.
pub(crate) fn neighbours(
    resize: Resize,
    at: usize,
    factor: usize,
    size: usize,
) -> [(usize, f64); 2] {
    let (at, factor, size) = (at as u64, factor as u64, size as u64);
    // Where it lies, as a fraction of pixels.
    let (place, whole) = match resize {
        Resize::Nearest => (at / factor, 1),
        Resize::Bilinear { align_corners: false } => {
            ((2 * at + 1).saturating_sub(factor), 2 * factor)
        }
        Resize::Bilinear { align_corners: true } => (at * (size - 1), (size * factor - 1).max(1)),
    };
    let first = place / whole;
    if first + 1 >= size {
        return [(size as usize - 1, 1.0), (0, 0.0)];
    }
    let part = (place % whole) as f64 / whole as f64;
    [(first as usize, 1.0 - part), (first as usize + 1, part)]
}

/// out\[c, y, x\] = in\[c·r² + (y mod r)·r + x mod r, y / r, x / r\] (Shi et
/// al., "Real-time single image and video super-resolution", 2016, eq. 4).
pub(super) fn pixel_shuffle<T: Element>(factor: usize, call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let (from, to) = (Grid::of(call.input_dims), Grid::of(call.output_dims));
    for c in 0..to.channels {
        for y in 0..to.height {
            for x in 0..to.width {
                let channel = (c * factor + y % factor) * factor + x % factor;
                output[to.index(c, y, x)] = input[from.index(channel, y / factor, x / factor)];
            }
        }
    }
}
