//! The body makes 16 channels of 8; the identity beside it keeps 8.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        res: Residual {
            conv: Conv2d<8, 16, K = 3, P = 1>,
            relu: Relu,
        },
    }
}

fn main() {}
