//! An image is declared, a vector comes.

use typenet::prelude::*;

const CHANNELS: usize = 8;

network! {
    struct Net: [8, 28, 28] -> [CHANNELS, 1, 1] {
        pool: GlobalAvgPool2d,
    }
}

fn main() {}
