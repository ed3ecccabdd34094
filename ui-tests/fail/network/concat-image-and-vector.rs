//! One arm gives an image, the other a vector.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        mixed: Concat {
            left: { conv: Conv2d<8, 4, K = 1> },
            right: { pool: GlobalAvgPool2d },
        },
    }
}

fn main() {}
