//! Operators that look at one pixel at a time and keep the shape.

use super::grid::Grid;
use crate::element::Element;
use crate::spec::{Call, LocalResponseNorm};

/// out\[c\] = (in\[c\] − mean\[c\]) / √(variance\[c\] + eps) · weight\[c\] + bias\[c\]
/// (Ioffe and Szegedy, "Batch normalization", 2015, with the statistics of
/// training).
pub(super) fn batch_norm<T: Element>(eps: f64, call: Call<'_, T>) {
    let Call { input, params, output, input_dims, .. } = call;
    let (weight, bias, mean, variance) = (params[0], params[1], params[2], params[3]);
    let grid = Grid::of(input_dims);
    for c in 0..grid.channels {
        let deviation = (variance[c] + T::from_double(eps)).sqrt();
        for row in 0..grid.height {
            for column in 0..grid.width {
                let at = grid.index(c, row, column);
                output[at] = (input[at] - mean[c]) / deviation * weight[c] + bias[c];
            }
        }
    }
}

/// out\[c\] = in\[c\], or weight\[c\]·in\[c\] below 0; with a single weight that
/// one for all channels (He et al., "Delving deep into rectifiers", 2015, eq. 1).
pub(super) fn prelu<T: Element>(call: Call<'_, T>) {
    let Call { input, params, output, input_dims, .. } = call;
    let (weight, grid) = (params[0], Grid::of(input_dims));
    for c in 0..grid.channels {
        let weight = if weight.len() == 1 { weight[0] } else { weight[c] };
        for row in 0..grid.height {
            for column in 0..grid.width {
                let at = grid.index(c, row, column);
                let x = input[at];
                output[at] = if x < T::zero() { weight * x } else { x };
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

/// out\[c\] = in\[c\] − m − ln Σ exp(in\[c\] − m), the logarithm of [`softmax`],
/// which stays finite where softmax itself becomes 0.
pub(super) fn log_softmax<T: Element>(call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let grid = Grid::of(call.input_dims);
    for row in 0..grid.height {
        for column in 0..grid.width {
            let channels = || (0..grid.channels).map(|c| grid.index(c, row, column));
            let larger = |a: T, at: usize| if input[at] > a { input[at] } else { a };
            let largest = channels().fold(T::neg_infinity(), larger);
            let sum = channels().fold(T::zero(), |sum, at| sum + (input[at] - largest).exp());
            for at in channels() {
                output[at] = input[at] - largest - sum.ln();
            }
        }
    }
}

/// out\[c\] = in\[c\] / (k + alpha/size · Σ in\[d\]²)^beta, over the channels d
/// from c − size/2 to c + (size − 1)/2 (Krizhevsky, Sutskever and Hinton,
/// "`ImageNet` classification with deep convolutional neural networks", 2012,
/// section 3.3, with PyTorch's division by the size).
pub(super) fn local_response_norm<T: Element>(norm: &LocalResponseNorm, call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let grid = Grid::of(call.input_dims);
    let number = T::from_double;
    let (factor, beta, k) =
        (number(norm.alpha / norm.size as f64), number(norm.beta), number(norm.k));
    for c in 0..grid.channels {
        let first = c.saturating_sub(norm.size / 2);
        let behind = grid.channels.min(c.saturating_add(norm.size.div_ceil(2)));
        for row in 0..grid.height {
            for column in 0..grid.width {
                let mut sum = T::zero();
                for d in first..behind {
                    let x = input[grid.index(d, row, column)];
                    sum = sum + x * x;
                }
                let at = grid.index(c, row, column);
                output[at] = input[at] / (k + factor * sum).powf(beta);
            }
        }
    }
}
