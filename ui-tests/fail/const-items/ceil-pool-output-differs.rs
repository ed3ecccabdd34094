//! A partly covered window counts: 8 columns make 4, not 3.

use typenet::prelude::*;

const FEATURES: usize = 27;

network! {
    struct Net: [3, 8, 8] {
        pool: MaxPool2d<K = 3, S = 2, CEIL = true>,
        flatten: Flatten,
        fc: Linear<FEATURES, 10>,
    }
}

fn main() {}
