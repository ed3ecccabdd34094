//! A pool has no groups.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        pool1: MaxPool2d<K = 2, G = 2>,
    }
}

fn main() {}
