//! What arrives depends on what the block is used for.

use typenet::prelude::*;

network! {
    struct Block<const O: usize> {
        relu: Relu,
        conv: Conv2d<_, O, K = 3>,
    }
}

fn main() {}
