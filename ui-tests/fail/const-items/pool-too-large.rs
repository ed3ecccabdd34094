//! The window of the pool is larger than the image.

use typenet::prelude::*;

const KERNEL: usize = 30;

network! {
    struct Net: [1, 28, 28] {
        pool: MaxPool2d<K = KERNEL, S = 2>,
    }
}

fn main() {}
