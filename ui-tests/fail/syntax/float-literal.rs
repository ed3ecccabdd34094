//! Half a pixel.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, K = 2.5>,
    }
}

fn main() {}
