//! Nor copies of it, within a branch.

use typenet::prelude::*;

network! {
    struct Block<const C: usize> {
        Residual { copies: [Block<C>; 2] },
    }
}

fn main() {}
