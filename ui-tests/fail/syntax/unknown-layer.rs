//! `Conv2` is no layer, but close to one.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2<1, 6, K = 5>,
    }
}

fn main() {}
