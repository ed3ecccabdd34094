//! A shortcut cut off from its residual.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        Residual { conv: Conv2d<1, 6, K = 3, P = 1> }, shortcut { proj: Conv2d<1, 6, K = 1> },
    }
}

fn main() {}
