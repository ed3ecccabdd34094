//! A pool behind `Flatten`.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        flatten: Flatten,
        pool: MaxPool2d<K = 2>,
    }
}

fn main() {}
