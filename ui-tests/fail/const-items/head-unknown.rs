//! `box` is declared, the head is called `boxes`.

use typenet::prelude::*;

const CLASSES: usize = 10;

network! {
    struct Net: [3, 8, 8] -> { class: [10], boxs: [4, 8, 8] } {
        conv: Conv2d<3, 8, K = 3, P = 1>,
        heads: Heads {
            class: { pool: GlobalAvgPool2d, fc: Linear<8, CLASSES> },
            boxes: { conv: Conv2d<8, 4, K = 1> },
        },
    }
}

fn main() {}
