//! `Inner` takes 6×14×14, 6×24×24 arrive.

use typenet::prelude::*;

const FILTERS: usize = 6;

network! {
    struct Inner: [6, 14, 14] -> [10] {
        flatten: Flatten,
        fc: Linear<1176, 10>,
    }
}

network! {
    struct Net: [1, 28, 28] -> [10] {
        conv: Conv2d<1, FILTERS, K = 5>,
        head: Inner,
    }
}

fn main() {}
