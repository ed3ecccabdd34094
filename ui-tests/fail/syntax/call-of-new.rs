//! A layer is built like a value.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d::new(1, 6, 5),
    }
}

fn main() {}
