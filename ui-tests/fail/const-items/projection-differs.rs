//! The projection has the stride, but not the channels of the body.

use typenet::prelude::*;

const FILTERS: usize = 12;

network! {
    struct Net: [8, 28, 28] {
        layer2: Residual {
            conv1: Conv2d<8, 16, K = 3, S = 2, P = 1>,
            relu: Relu,
            conv2: Conv2d<16, 16, K = 3, P = 1>,
        } shortcut {
            proj: Conv2d<8, FILTERS, K = 1, S = 2>,
        },
    }
}

fn main() {}
