//! A window that never moves on.

use typenet::prelude::*;

const STRIDE: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = 5, S = STRIDE>,
    }
}

fn main() {}
