//! PyTorch says `stride`, we say `S`.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, K = 5, STRIDE = 2>,
    }
}

fn main() {}
