//! One arm gives an image, the other a vector.

use typenet::prelude::*;

const FILTERS: usize = 4;

network! {
    struct Net: [8, 28, 28] {
        mixed: Concat {
            left: { conv: Conv2d<8, FILTERS, K = 1> },
            right: { pool: GlobalAvgPool2d },
        },
    }
}

fn main() {}
