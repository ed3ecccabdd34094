//! A pool without a pixel.

use typenet::prelude::*;

const KERNEL: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        pool: AvgPool2d<K = KERNEL, S = 2>,
    }
}

fn main() {}
