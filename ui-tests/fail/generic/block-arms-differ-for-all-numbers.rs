//! Whatever C is, the body gives 16 channels and the projection 12.

use typenet::prelude::*;

network! {
    struct Block<const C: usize> {
        Residual {
            conv: Conv2d<C, 16, K = 3, P = 1>,
        } shortcut {
            proj: Conv2d<C, 12, K = 1>,
        },
    }
}

fn main() {}
