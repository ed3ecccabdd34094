//! A pool behind `Flatten`.

use typenet::prelude::*;

const KERNEL: usize = 2;

network! {
    struct Net: [1, 28, 28] {
        flatten: Flatten,
        pool: MaxPool2d<K = KERNEL>,
    }
}

fn main() {}
