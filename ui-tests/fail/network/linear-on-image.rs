//! A fully-connected layer without `Flatten` before it.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [10] {
        conv: Conv2d<1, 6, K = 5>,
        fc: Linear<3456, 10>,
    }
}

fn main() {}
