//! Three mistakes: a shape, and two tensors too many.

use typenet::prelude::*;

network! {
    struct Net: [1, 4, 4] {
        conv: Conv2d<1, 4, K = 3, BIAS = false>,
        flatten: Flatten,
        fc: Linear<16, 3, BIAS = false>,
    }
}

typenet::check_weights!(Net, "../../weights/small.safetensors");

fn main() {}
