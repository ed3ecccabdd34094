//! A global pool behind `Flatten`.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        flatten: Flatten,
        pool: GlobalAvgPool2d,
    }
}

fn main() {}
