//! A convolution in an arm takes other channels than those that arrive.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        Concat {
            left: Identity,
            right: { conv1: Conv2d<8, 4, K = 1>, conv2: Conv2d<6, 4, K = 3, P = 1> },
        },
    }
}

fn main() {}
