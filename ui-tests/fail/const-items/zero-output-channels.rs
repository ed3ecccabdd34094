//! A convolution without a filter.

use typenet::prelude::*;

const FILTERS: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, FILTERS, K = 5>,
    }
}

fn main() {}
