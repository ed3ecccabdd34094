//! `conv2` takes 7 channels, `conv1` gives 6.

use typenet::prelude::*;

const CHANNELS: usize = 7;

network! {
    struct Net: [1, 28, 28] -> [16, 24, 24] {
        conv1: Conv2d<1, 6, K = 5, P = 2>,
        relu1: Relu,
        conv2: Conv2d<CHANNELS, 16, K = 5>,
    }
}

fn main() {}
