//! A pool may pad at most half its window.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        pool: MaxPool2d<K = 3, S = 2, P = 2>,
    }
}

fn main() {}
