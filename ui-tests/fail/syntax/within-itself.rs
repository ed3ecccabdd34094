//! A network cannot be a layer of itself.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        conv: Conv2d<3, 3, K = 3, P = 1>,
        again: Net,
    }
}

fn main() {}
