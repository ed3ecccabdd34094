//! Three layers are wrong, and each says so.

use typenet::prelude::*;

const CHANNELS: usize = 3;
const STRIDE: usize = 0;
const FEATURES: usize = 100;

network! {
    struct Net: [1, 28, 28] -> [10] {
        conv1: Conv2d<CHANNELS, 6, K = 5>,
        pool1: MaxPool2d<K = 2, S = STRIDE>,
        conv2: Conv2d<6, 16, K = 5>,
        flatten: Flatten,
        fc1: Linear<_, 120>,
        fc2: Linear<FEATURES, 10>,
    }
}

fn main() {}
