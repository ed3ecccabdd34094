//! One output is declared, the network has two.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] -> [10] {
        heads: Heads {
            class: { pool: GlobalAvgPool2d, fc: Linear<3, 10> },
            boxes: { conv: Conv2d<3, 4, K = 1> },
        },
    }
}

fn main() {}
