//! The first layer cannot be read, and still the last is found wrong.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [10] {
        conv1: Conv2d<1, 6, K = 5, STRIDE = 2>,
        conv2: Conv2d<6, 16, K = 5>,
        flatten: Flatten,
        fc1: Linear<_, 120>,
        fc2: Linear<100, 10>,
    }
}

fn main() {}
