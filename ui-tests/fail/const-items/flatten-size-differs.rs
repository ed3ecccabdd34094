//! `fc` expects 256 features, 400 arrive.

use typenet::prelude::*;

const FEATURES: usize = 256;

network! {
    struct Net: [1, 28, 28] -> [10] {
        conv1: Conv2d<1, 6, K = 5, P = 2>,
        pool1: MaxPool2d<K = 2>,
        conv2: Conv2d<6, 16, K = 5>,
        pool2: MaxPool2d<K = 2>,
        flatten: Flatten,
        fc: Linear<FEATURES, 10>,
    }
}

fn main() {}
