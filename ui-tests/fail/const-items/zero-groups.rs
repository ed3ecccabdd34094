//! No group at all.

use typenet::prelude::*;

const GROUPS: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = 5, G = GROUPS>,
    }
}

fn main() {}
