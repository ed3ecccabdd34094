//! Transposed convolution: the taps of a convolution, walked backwards.

use super::grid::Grid;
use crate::element::Element;
use crate::spec::{Call, ConvTranspose2d, Spread};

/// out\[o, y, x\] = bias\[o\] + Σ weight\[c, o, i, j\] · in\[c, row, column\], over
/// the channels c of the group of o and all taps for which
/// row·stride + i·dilation − padding = y, and likewise for x.
///
/// Input C×H×W, weight C×(O / groups)×kernel height×kernel width, bias O.
pub(super) fn conv_transpose2d<T: Element>(conv: &ConvTranspose2d, call: Call<'_, T>) {
    let Call { input, params, output, .. } = call;
    let (from, to) = (Grid::of(call.input_dims), Grid::of(call.output_dims));
    let (weight, bias) = (params[0], params.get(1));
    let (kh, kw) = (conv.h.kernel, conv.w.kernel);
    let in_group = conv.inputs / conv.groups;
    let out_group = conv.outputs_per_group();

    for o in 0..to.channels {
        let first_channel = o / out_group * in_group;
        for y in 0..to.height {
            for x in 0..to.width {
                let mut sum = bias.map_or(T::zero(), |bias| bias[o]);
                for c in first_channel..first_channel + in_group {
                    for (i, row) in taps(conv.h, y, from.height) {
                        for (j, column) in taps(conv.w, x, from.width) {
                            let w = weight[((c * out_group + o % out_group) * kh + i) * kw + j];
                            sum = sum + w * input[from.index(c, row, column)];
                        }
                    }
                }
                output[to.index(o, y, x)] = sum;
            }
        }
    }
}

/// The taps through which a pixel of an input of `size` reaches the `at`-th
/// pixel of the output, and that pixel.
fn taps(axis: Spread, at: usize, size: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..axis.kernel).filter_map(move |tap| {
        let place = (at + axis.before).checked_sub(tap * axis.dilation)?;
        let pixel = place / axis.stride;
        (place.is_multiple_of(axis.stride) && pixel < size).then_some((tap, pixel))
    })
}
