//! A window that never moves on.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = 5, S = 0>,
    }
}

fn main() {}
