//! A layer with a visibility of its own.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        pub conv: Conv2d<1, 6, K = 5>,
    }
}

fn main() {}
