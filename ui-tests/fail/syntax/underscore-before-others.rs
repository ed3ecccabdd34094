//! A layer without a name: what comes behind it is not blamed for it.

use typenet::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [10] {
        _: Conv2d<1, 4, K = 3>,
        flatten: Flatten,
        fc: Linear<144, 10>,
    }
}

fn main() {}
