//! The block takes 16 channels, 8 arrive.

use typenet::prelude::*;

const CHANNELS: usize = 16;

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
    struct Net: [3, 28, 28] {
        stem: Conv2d<3, 8, K = 3, P = 1>,
        layer1: Block<CHANNELS, 32>,
    }
}

fn main() {}
