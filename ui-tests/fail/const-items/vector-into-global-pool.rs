//! A global pool behind `Flatten`.

use typenet::prelude::*;

const SIDE: usize = 28;

network! {
    struct Net: [1, SIDE, 28] {
        flatten: Flatten,
        pool: GlobalAvgPool2d,
    }
}

fn main() {}
