//! A name for a number that has none.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, O = 6, K = 5>,
    }
}

fn main() {}
