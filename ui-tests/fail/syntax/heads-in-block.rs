//! A block is not a network: it has no outputs.

use typenet::prelude::*;

network! {
    struct Block<const C: usize> {
        heads: Heads { left: Conv2d<C, C, K = 1>, right: Identity },
    }
}

fn main() {}
