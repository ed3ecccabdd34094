//! The right arm loses two rows.

use typenet::prelude::*;

const HEIGHT: usize = 3;

network! {
    struct Net: [8, 28, 28] {
        mixed: Concat {
            left: { conv: Conv2d<8, 4, K = 1> },
            right: { conv: Conv2d<8, 4, K = (HEIGHT, 1)> },
        },
    }
}

fn main() {}
