//! A name in weight files is a string.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        #[name = 5]
        conv1: Conv2d<1, 6, K = 5>,
    }
}

fn main() {}
