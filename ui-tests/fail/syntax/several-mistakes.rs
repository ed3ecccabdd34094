//! Each mistake is reported, also two in one layer.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, K = 2.5, S = -1>,
        relu1 Relu,
        pool1: MaxPol2d<K = 2>,
        conv2: Conv2d<6, 16, KERNEL = 5>,
    }
}

fn main() {}
