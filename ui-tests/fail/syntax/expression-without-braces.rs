//! An expression goes in braces.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 2 * 3, K = 5>,
    }
}

fn main() {}
