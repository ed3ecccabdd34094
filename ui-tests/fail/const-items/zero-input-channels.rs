//! A filter without depth.

use typenet::prelude::*;

const CHANNELS: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<CHANNELS, 6, K = 5>,
    }
}

fn main() {}
