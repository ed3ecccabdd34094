//! A kernel can't be inferred.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = _>,
    }
}

fn main() {}
