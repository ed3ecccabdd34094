//! Fully-connected layers.

use crate::element::Element;
use crate::spec::{Call, Linear};

/// out\[o\] = bias\[o\] + Σ weight\[o, i\] · in\[i\].
///
/// Input I, weight O×I, bias O.
pub(super) fn linear<T: Element>(linear: &Linear, call: Call<'_, T>) {
    let Call { input, params, output, .. } = call;
    let (weight, bias) = (params[0], params.get(1));
    for o in 0..linear.outputs {
        let mut sum = bias.map_or(T::zero(), |bias| bias[o]);
        for i in 0..linear.inputs {
            sum = sum + weight[o * linear.inputs + i] * input[i];
        }
        output[o] = sum;
    }
}
