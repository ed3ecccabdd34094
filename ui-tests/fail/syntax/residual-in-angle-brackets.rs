//! Angle brackets in place of braces.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        res: Residual<Conv2d<8, 8, K = 3, P = 1>>,
    }
}

fn main() {}
