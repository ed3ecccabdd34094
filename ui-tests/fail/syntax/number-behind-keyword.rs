//! A number without a name behind one with a name.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<K = 5, 1, 6>,
    }
}

fn main() {}
