//! A layer behind the outputs.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        heads: Heads {
            class: { pool: GlobalAvgPool2d, fc: Linear<3, 10> },
            boxes: { conv: Conv2d<3, 4, K = 1> },
        },
        relu: Relu,
    }
}

fn main() {}
