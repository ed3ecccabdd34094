//! `Residual`, and the cursor behind it.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        conv: Conv2d<8, 8, K = 3, P = 1>,
        Res
    }
}

fn main() {}
