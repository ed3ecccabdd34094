//! Keyword parameters behind a path.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: typenet::Conv2d<1, 6, K = 5>,
    }
}

fn main() {}
