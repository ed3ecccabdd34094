//! No part of a name in weight files is empty.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        #[name = "a..b"]
        conv1: Conv2d<1, 6, K = 5>,
    }
}

fn main() {}
