//! Convolution: six loops around one multiplication.

use super::grid::Grid;
use super::window::Track;
use crate::element::Element;
use crate::spec::{Call, Conv2d};

/// out\[o, y, x\] = bias\[o\] + Σ weight\[o, c, i, j\] · in\[c, row, column\],
/// row = y·stride + i·dilation − padding above, column likewise (Dumoulin and
/// Visin, "A guide to convolution arithmetic for deep learning", 2016).
///
/// Input C×H×W, weight O×(C / groups)×kernel height×kernel width, bias O.
pub(super) fn conv2d<T: Element>(conv: &Conv2d, call: Call<'_, T>) {
    let Call { input, params, output, .. } = call;
    let (from, to) = (Grid::of(call.input_dims), Grid::of(call.output_dims));
    let (weight, bias) = (params[0], params.get(1));
    let (kh, kw) = (conv.window.h.kernel, conv.window.w.kernel);
    let rows = Track::new(conv.window.h, from.height);
    let columns = Track::new(conv.window.w, from.width);

    // Output channels come in as many groups as input channels; each sees its own.
    let in_group = conv.inputs_per_group();
    let out_group = conv.outputs / conv.groups;

    for o in 0..to.channels {
        let first_channel = o / out_group * in_group;
        for y in 0..to.height {
            for x in 0..to.width {
                let mut sum = bias.map_or(T::zero(), |bias| bias[o]);
                for c in 0..in_group {
                    for (i, row) in rows.taps(y) {
                        for (j, column) in columns.taps(x) {
                            let w = weight[((o * in_group + c) * kh + i) * kw + j];
                            sum = sum + w * input[from.index(first_channel + c, row, column)];
                        }
                    }
                }
                output[to.index(o, y, x)] = sum;
            }
        }
    }
}
