//! 4 groups cannot share 6 filters.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        conv: Conv2d<8, 6, K = 5, G = 4>,
    }
}

fn main() {}
