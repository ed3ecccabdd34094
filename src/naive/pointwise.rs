//! Operators that look at one pixel at a time and keep the shape.

use super::grid::Grid;
use crate::element::Element;
use crate::spec::{BatchNorm2d, Call};

/// out = max(in, 0) for each value; NaN and −0 stay what they are.
pub(super) fn relu<T: Element>(call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    for (out, &value) in output.iter_mut().zip(input) {
        *out = if value < T::zero() { T::zero() } else { value };
    }
}

/// out\[c\] = (in\[c\] − mean\[c\]) / √(variance\[c\] + eps) · weight\[c\] + bias\[c\]
/// (Ioffe and Szegedy, "Batch normalization", 2015, with the statistics of
/// training).
pub(super) fn batch_norm<T: Element>(norm: &BatchNorm2d, call: Call<'_, T>) {
    let Call { input, params, output, input_dims, .. } = call;
    let (weight, bias, mean, variance) = (params[0], params[1], params[2], params[3]);
    let grid = Grid::of(input_dims);
    for c in 0..grid.channels {
        let deviation = (variance[c] + T::from_double(norm.eps)).sqrt();
        for row in 0..grid.height {
            for column in 0..grid.width {
                let at = grid.index(c, row, column);
                output[at] = (input[at] - mean[c]) / deviation * weight[c] + bias[c];
            }
        }
    }
}

/// out\[c\] = exp(in\[c\] − m) / Σ exp(in\[c\] − m) over the channels of each
/// pixel, or over the features of a vector.
///
/// m is the largest of them: it leaves the result as it is and keeps every
/// power at or below 1. Without a finite m there is no result: all NaN.
pub(super) fn softmax<T: Element>(call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let grid = Grid::of(call.input_dims);
    for row in 0..grid.height {
        for column in 0..grid.width {
            let mut largest = T::neg_infinity();
            for c in 0..grid.channels {
                let value = input[grid.index(c, row, column)];
                // A NaN is never larger; it gets into the sum below.
                if value > largest {
                    largest = value;
                }
            }
            let mut sum = T::zero();
            for c in 0..grid.channels {
                let at = grid.index(c, row, column);
                output[at] = (input[at] - largest).exp();
                sum = sum + output[at];
            }
            for c in 0..grid.channels {
                let at = grid.index(c, row, column);
                output[at] = output[at] / sum;
            }
        }
    }
}
