//! A layer without a name to find its weights by.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        _: Conv2d<1, 6, K = 5>,
    }
}

fn main() {}
