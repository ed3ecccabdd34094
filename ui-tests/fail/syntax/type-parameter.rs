//! A block with a type in place of a number.

use typenet::prelude::*;

network! {
    struct Block<L> {
        conv: L,
    }
}

fn main() {}
