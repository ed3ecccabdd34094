//! An image without a channel, declared as the input.

use typenet::prelude::*;

network! {
    struct Net: [0, 28, 28] {
        pool: MaxPool2d<K = 2>,
    }
}

fn main() {}
