//! Whatever C is, 7 channels do not arrive behind 6.

use typenet::prelude::*;

network! {
    struct Block<const C: usize> {
        conv1: Conv2d<C, 6, K = 3, P = 1>,
        conv2: Conv2d<7, C, K = 3, P = 1>,
    }
}

fn main() {}
