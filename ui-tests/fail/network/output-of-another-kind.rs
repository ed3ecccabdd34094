//! An image is declared, a vector comes.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] -> [8, 1, 1] {
        pool: GlobalAvgPool2d,
    }
}

fn main() {}
