//! The file lacks a parameter.

use typenet::prelude::*;

network! {
    struct Net: [1, 4, 4] {
        conv: Conv2d<1, 4, K = 3>,
        flatten: Flatten,
        fc: Linear<16, 2>,
        prelu: PRelu<2>,
    }
}

typenet::check_weights!(Net, "../../weights/small.safetensors");

fn main() {}
