//! Behind a concatenation of 8 and 4 channels, 16 are taken.

use typenet::prelude::*;

const CHANNELS: usize = 16;

network! {
    struct Net: [8, 28, 28] {
        mixed: Concat {
            left: Identity,
            right: { conv: Conv2d<8, 4, K = 1> },
        },
        conv: Conv2d<CHANNELS, 8, K = 1>,
    }
}

fn main() {}
