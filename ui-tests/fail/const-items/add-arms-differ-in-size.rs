//! The body halves the image; the identity beside it does not.

use typenet::prelude::*;

const STRIDE: usize = 2;

network! {
    struct Net: [8, 28, 28] {
        conv1: Conv2d<8, 8, K = 3, P = 1>,
        pool1: MaxPool2d<K = 2>,
        Residual {
            conv2: Conv2d<8, 8, K = 3, S = STRIDE, P = 1>,
            relu2: Relu,
        },
    }
}

fn main() {}
