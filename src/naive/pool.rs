//! Pools: one value for each window of each channel.

use super::grid::Grid;
use super::window::Track;
use crate::element::Element;
use crate::spec::{Call, LpPool, Pool};

/// out\[c, y, x\] = the largest in\[c, row, column\] of the window; NaN if it
/// holds one, −∞ if it holds nothing larger. C×H×W in, C×H'×W' out.
pub(super) fn max_pool2d<T: Element>(pool: &Pool, call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let (from, to) = (Grid::of(call.input_dims), Grid::of(call.output_dims));
    let rows = Track::new(pool.window.h, from.height);
    let columns = Track::new(pool.window.w, from.width);

    for c in 0..to.channels {
        for y in 0..to.height {
            for x in 0..to.width {
                let mut largest = T::neg_infinity();
                for (_, row) in rows.taps(y) {
                    for (_, column) in columns.taps(x) {
                        let value = input[from.index(c, row, column)];
                        // Nothing is larger than a NaN, so once there it stays.
                        if value > largest || value.is_nan() {
                            largest = value;
                        }
                    }
                }
                output[to.index(c, y, x)] = largest;
            }
        }
    }
}

/// out\[c, y, x\] = Σ in\[c, row, column\] / taps, over the window: the taps on
/// the image, or with `include_pad` those on its padding too (known as
/// `count_include_pad`). C×H×W in, C×H'×W' out.
pub(super) fn avg_pool2d<T: Element>(pool: &Pool, call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let (from, to) = (Grid::of(call.input_dims), Grid::of(call.output_dims));
    let rows = Track::new(pool.window.h, from.height);
    let columns = Track::new(pool.window.w, from.width);

    for c in 0..to.channels {
        for y in 0..to.height {
            for x in 0..to.width {
                let (mut sum, mut taps) = (T::zero(), 0.0);
                for (_, row) in rows.taps(y) {
                    for (_, column) in columns.taps(x) {
                        sum = sum + input[from.index(c, row, column)];
                        taps += 1.0;
                    }
                }
                if pool.include_pad {
                    // (Together they may be more than a `usize` counts.)
                    taps = rows.taps_with_padding(y) as f64 * columns.taps_with_padding(x) as f64;
                }
                output[to.index(c, y, x)] = mean(sum, taps);
            }
        }
    }
}

/// out\[c, y, x\] = (Σ |in\[c, row, column\]|ᵖ)^(1/p), over the window; padding
/// adds nothing. C×H×W in, C×H'×W' out.
pub(super) fn lp_pool2d<T: Element>(pool: &LpPool, call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let (from, to) = (Grid::of(call.input_dims), Grid::of(call.output_dims));
    let rows = Track::new(pool.window.h, from.height);
    let columns = Track::new(pool.window.w, from.width);
    let norm = T::from_double(pool.norm as f64);

    for c in 0..to.channels {
        for y in 0..to.height {
            for x in 0..to.width {
                let mut sum = T::zero();
                for (_, row) in rows.taps(y) {
                    for (_, column) in columns.taps(x) {
                        sum = sum + input[from.index(c, row, column)].abs().powf(norm);
                    }
                }
                output[to.index(c, y, x)] = sum.powf(T::one() / norm);
            }
        }
    }
}

/// out\[c\] = the largest in\[c, row, column\]; NaN if the channel holds one,
/// −∞ if it holds nothing larger. C×H×W in, C out.
pub(super) fn global_max_pool2d<T: Element>(call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let from = Grid::of(call.input_dims);
    for c in 0..from.channels {
        let mut largest = T::neg_infinity();
        for row in 0..from.height {
            for column in 0..from.width {
                let value = input[from.index(c, row, column)];
                if value > largest || value.is_nan() {
                    largest = value;
                }
            }
        }
        output[c] = largest;
    }
}

/// out\[c\] = Σ in\[c, row, column\] / (height · width). C×H×W in, C out.
pub(super) fn global_avg_pool2d<T: Element>(call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    let from = Grid::of(call.input_dims);
    for c in 0..from.channels {
        let mut sum = T::zero();
        for row in 0..from.height {
            for column in 0..from.width {
                sum = sum + input[from.index(c, row, column)];
            }
        }
        output[c] = mean(sum, from.pixels() as f64);
    }
}

/// The mean of so many terms; that of none is 0, not 0 / 0.
fn mean<T: Element>(sum: T, terms: f64) -> T {
    if terms == 0.0 { T::zero() } else { sum / T::from_double(terms) }
}
