//! A renamed layer takes the name of another.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        conv1: Conv2d<8, 8, K = 1>,
        Residual {
            #[name = "conv1"]
            conv: Conv2d<8, 8, K = 3, P = 1>,
        },
    }
}

fn main() {}
