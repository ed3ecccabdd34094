//! Whatever C is, one arm gives an image, the other a vector.

use typenet::prelude::*;

network! {
    struct Mixed<const C: usize> {
        Concat {
            left: { conv: Conv2d<C, 4, K = 1> },
            right: { pool: GlobalAvgPool2d },
        },
    }
}

fn main() {}
