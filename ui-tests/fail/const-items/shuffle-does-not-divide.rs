//! 10 channels make no pixels of 2×2.

use typenet::prelude::*;

const FACTOR: usize = 2;

network! {
    struct Net: [3, 8, 8] {
        conv: Conv2d<3, 10, K = 3, P = 1>,
        up: PixelShuffle<FACTOR>,
    }
}

fn main() {}
