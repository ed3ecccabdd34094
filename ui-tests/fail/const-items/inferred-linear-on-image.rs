//! `_` cannot stand for the features of an image.

use typenet::prelude::*;

const FILTERS: usize = 6;

network! {
    struct Net: [1, 28, 28] -> [10] {
        conv: Conv2d<1, FILTERS, K = 5>,
        fc: Linear<_, 10>,
    }
}

fn main() {}
