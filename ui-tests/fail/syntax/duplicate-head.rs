//! Two heads have one name.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        Heads {
            class: { pool: GlobalAvgPool2d },
            class: { conv: Conv2d<8, 4, K = 1> },
        },
    }
}

fn main() {}
