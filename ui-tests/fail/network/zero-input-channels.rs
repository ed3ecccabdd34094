//! A filter without depth.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<0, 6, K = 5>,
    }
}

fn main() {}
