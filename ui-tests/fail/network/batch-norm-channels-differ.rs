//! The norm has 16 channels, the convolution gives 8.

use typenet::prelude::*;

network! {
    struct Net: [3, 28, 28] {
        conv1: Conv2d<3, 8, K = 3>,
        bn1: BatchNorm2d<16>,
        relu1: Relu,
    }
}

fn main() {}
