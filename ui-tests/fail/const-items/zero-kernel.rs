//! A kernel without a tap.

use typenet::prelude::*;

const KERNEL: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = KERNEL>,
    }
}

fn main() {}
