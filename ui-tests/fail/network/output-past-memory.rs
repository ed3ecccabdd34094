//! An output of 2⁶³ bytes and more.

use typenet::prelude::*;

network! {
    struct Net: [1, 4096, 4096] {
        conv: Conv2d<1, 1099511627776, K = 1>,
    }
}

fn main() {}
