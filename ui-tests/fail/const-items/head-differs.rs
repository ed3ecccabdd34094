//! The head `class` is declared to give 12, and gives 10.

use typenet::prelude::*;

const CLASSES: usize = 12;

network! {
    struct Net: [3, 8, 8] -> { class: [CLASSES], boxes: [4, 8, 8] } {
        conv: Conv2d<3, 8, K = 3, P = 1>,
        heads: Heads {
            class: { pool: GlobalAvgPool2d, fc: Linear<8, 10> },
            boxes: { conv: Conv2d<8, 4, K = 1> },
        },
    }
}

fn main() {}
