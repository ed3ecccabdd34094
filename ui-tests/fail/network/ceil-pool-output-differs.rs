//! A partly covered window counts: 8 columns make 4, not 3.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        pool: MaxPool2d<K = 3, S = 2, CEIL = true>,
        flatten: Flatten,
        fc: Linear<27, 10>,
    }
}

fn main() {}
