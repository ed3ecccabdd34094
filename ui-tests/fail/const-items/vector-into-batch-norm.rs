//! The norm of images, behind `Flatten`.

use typenet::prelude::*;

const CHANNELS: usize = 192;

network! {
    struct Net: [3, 8, 8] {
        flatten: Flatten,
        bn: BatchNorm2d<CHANNELS>,
    }
}

fn main() {}
