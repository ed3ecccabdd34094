//! Two arms have one name.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        Concat {
            left: { conv: Conv2d<8, 4, K = 1> },
            left: { pool: MaxPool2d<K = 3, S = 1, P = 1> },
        },
    }
}

fn main() {}
