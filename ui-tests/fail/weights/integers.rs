//! A tensor of the file holds integers.

use typenet::prelude::*;

network! {
    struct Net: [1, 4, 4] {
        conv: Conv2d<1, 4, K = 3>,
        flatten: Flatten,
        fc: Linear<16, 2>,
    }
}

typenet::check_weights!(Net, "../../weights/integers.safetensors");

fn main() {}
