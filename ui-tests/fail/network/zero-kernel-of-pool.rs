//! A pool without a pixel.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        pool: AvgPool2d<K = 0, S = 2>,
    }
}

fn main() {}
