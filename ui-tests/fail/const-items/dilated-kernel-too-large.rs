//! Five taps at a distance of 8 span 33 pixels.

use typenet::prelude::*;

const KERNEL: usize = 5;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = KERNEL, D = 8>,
    }
}

fn main() {}
