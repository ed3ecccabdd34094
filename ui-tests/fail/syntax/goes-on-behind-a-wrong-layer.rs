//! `conv1` is wrong, and gives 6 channels all the same.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<3, 6, K = 5>,
        conv2: Conv2d<16, 16, K = 5>,
    }
}

fn main() {}
