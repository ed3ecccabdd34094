//! An arm whose layers stand without braces.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        Concat {
            left: conv: Conv2d<8, 4, K = 1>, relu: Relu,
            right: Identity,
        },
    }
}

fn main() {}
