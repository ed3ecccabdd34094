//! Body and projection store their weights under one name.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        Residual {
            conv: Conv2d<8, 16, K = 3, P = 1>,
        } shortcut {
            conv: Conv2d<8, 16, K = 1>,
        },
    }
}

fn main() {}
