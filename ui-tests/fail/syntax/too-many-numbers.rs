//! Eight numbers where seven have a place.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, 5, 1, 2, 1, 1, 4>,
    }
}

fn main() {}
