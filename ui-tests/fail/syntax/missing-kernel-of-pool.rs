//! A pool has no window by default.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        pool1: MaxPool2d,
    }
}

fn main() {}
