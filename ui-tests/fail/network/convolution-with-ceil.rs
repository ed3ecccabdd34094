//! A last window that hangs over is for pools.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        conv: Conv2d<3, 4, K = 3, S = 2, CEIL = true>,
    }
}

fn main() {}
