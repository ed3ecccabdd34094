//! A const item that does not exist.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        conv: Conv2d<8, FILTRES, K = 1>,
    }
}

fn main() {}
