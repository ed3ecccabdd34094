//! The norm has 16 channels, the convolution gives 8.

use typenet::prelude::*;

const CHANNELS: usize = 16;

network! {
    struct Net: [3, 28, 28] {
        conv1: Conv2d<3, 8, K = 3>,
        bn1: BatchNorm2d<CHANNELS>,
        relu1: Relu,
    }
}

fn main() {}
