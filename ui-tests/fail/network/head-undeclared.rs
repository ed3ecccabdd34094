//! Two heads, one of them declared.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] -> { class: [10] } {
        conv: Conv2d<3, 8, K = 3, P = 1>,
        heads: Heads {
            class: { pool: GlobalAvgPool2d, fc: Linear<8, 10> },
            boxes: { conv: Conv2d<8, 4, K = 1> },
        },
    }
}

fn main() {}
