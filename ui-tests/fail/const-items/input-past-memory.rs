//! An input of 2⁶³ bytes and more.

use typenet::prelude::*;

const SIDE: usize = 1099511627776;

network! {
    struct Net: [3, SIDE, SIDE] {
        pool: MaxPool2d<K = 2>,
    }
}

fn main() {}
