//! The file has a tensor that the network has not.

use typenet::prelude::*;

network! {
    struct Net: [1, 4, 4] {
        conv: Conv2d<1, 4, K = 3, BIAS = false>,
        flatten: Flatten,
        fc: Linear<16, 2>,
    }
}

typenet::check_weights!(Net, "../../weights/small.safetensors");

fn main() {}
