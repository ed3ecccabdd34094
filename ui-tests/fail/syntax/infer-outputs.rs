//! Only what arrives can be inferred.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, _, K = 5>,
    }
}

fn main() {}
