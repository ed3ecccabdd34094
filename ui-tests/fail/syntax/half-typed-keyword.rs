//! `K`, and the cursor behind it.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, K>,
    }
}

fn main() {}
