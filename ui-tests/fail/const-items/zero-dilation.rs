//! Taps that all lie on one pixel.

use typenet::prelude::*;

const DILATION: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = 5, D = DILATION>,
    }
}

fn main() {}
