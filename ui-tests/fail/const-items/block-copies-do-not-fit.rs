//! A block that doubles the channels, repeated.

use typenet::prelude::*;

const COPIES: usize = 2;

network! {
    struct Block<const I: usize, const O: usize> {
        Residual {
            conv: Conv2d<I, O, K = 3, P = 1>,
            bn: BatchNorm2d<_>,
        } shortcut {
            proj: Conv2d<I, O, K = 1>,
        },
        relu: Relu,
    }
}

network! {
    struct Net: [8, 28, 28] {
        layer1: [Block<8, 16>; COPIES],
    }
}

fn main() {}
