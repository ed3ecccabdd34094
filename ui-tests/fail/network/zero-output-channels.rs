//! A convolution without a filter.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 0, K = 5>,
    }
}

fn main() {}
