//! A pool may pad at most half its window.

use typenet::prelude::*;

const PADDING: usize = 2;

network! {
    struct Net: [1, 28, 28] {
        pool: MaxPool2d<K = 3, S = 2, P = PADDING>,
    }
}

fn main() {}
