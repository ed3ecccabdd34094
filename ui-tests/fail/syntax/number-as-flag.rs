//! A bias is there or not.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, K = 5, BIAS = 1>,
    }
}

fn main() {}
