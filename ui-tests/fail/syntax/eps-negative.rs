//! An epsilon below zero.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        conv: Conv2d<3, 8, K = 3>,
        bn: BatchNorm2d<8, EPS = -1e-5>,
    }
}

fn main() {}
