//! Declared is a height of 26, but there is no padding.

use typenet::prelude::*;

const SIDE: usize = 26;

network! {
    struct Net: [1, 28, 28] -> [6, SIDE, 26] {
        conv: Conv2d<1, 6, K = 5>,
    }
}

fn main() {}
