//! The projection takes other channels than those that arrive.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        layer2: Residual {
            conv1: Conv2d<8, 16, K = 3, S = 2, P = 1>,
        } shortcut {
            proj: Conv2d<4, 16, K = 1, S = 2>,
        },
    }
}

fn main() {}
