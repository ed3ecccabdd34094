//! A block by hand that is wrong by itself.

use typenet::prelude::*;

type Block = (Conv2d<6, 12, 3>, Relu, Conv2d<13, 12, 3>);

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = 5>,
        block: Block,
    }
}

fn main() {}
