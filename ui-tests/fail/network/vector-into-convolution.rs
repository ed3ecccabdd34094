//! A convolution behind `Flatten`.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        flatten: Flatten,
        conv: Conv2d<784, 6, K = 1>,
    }
}

fn main() {}
