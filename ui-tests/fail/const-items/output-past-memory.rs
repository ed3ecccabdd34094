//! An output of 2⁶³ bytes and more.

use typenet::prelude::*;

const FILTERS: usize = 1099511627776;

network! {
    struct Net: [1, 4096, 4096] {
        conv: Conv2d<1, FILTERS, K = 1>,
    }
}

fn main() {}
