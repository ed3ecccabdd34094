//! A tensor of the file has another shape than the layer needs.

use typenet::prelude::*;

network! {
    struct Net: [2, 4, 4] {
        conv: Conv2d<2, 4, K = 3>,
        flatten: Flatten,
        fc: Linear<16, 2>,
    }
}

typenet::check_weights!(Net, "../../weights/small.safetensors");

fn main() {}
