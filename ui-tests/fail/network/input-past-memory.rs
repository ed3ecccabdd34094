//! An input of 2⁶³ bytes and more.

use typenet::prelude::*;

network! {
    struct Net: [3, 1099511627776, 1099511627776] {
        pool: MaxPool2d<K = 2>,
    }
}

fn main() {}
