//! The window of the pool is larger than the image.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        pool: MaxPool2d<K = 30, S = 2>,
    }
}

fn main() {}
