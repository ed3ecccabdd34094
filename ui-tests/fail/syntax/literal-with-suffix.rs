//! A size is a `usize` anyway.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, K = 5u8>,
    }
}

fn main() {}
