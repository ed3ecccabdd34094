//! Sizes that are expressions, in a crate that denies unused braces.
#![deny(unused)]

use typenet::prelude::*;

const SIDE: usize = 12;

network! {
    struct Net: [2, SIDE, { SIDE + 2 }] -> [5, { SIDE - 2 }, SIDE] {
        conv: Conv2d<2, 5, K = 3>,
    }
}

fn main() {
    assert_eq!(Net::OUTPUT, typenet::spec::Dims::image(5, 10, 12));
}
