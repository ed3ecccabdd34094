//! A convolution behind `Flatten`.

use typenet::prelude::*;

const CHANNELS: usize = 784;

network! {
    struct Net: [1, 28, 28] {
        flatten: Flatten,
        conv: Conv2d<CHANNELS, 6, K = 1>,
    }
}

fn main() {}
