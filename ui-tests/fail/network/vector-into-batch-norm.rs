//! The norm of images, behind `Flatten`.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        flatten: Flatten,
        bn: BatchNorm2d<192>,
    }
}

fn main() {}
