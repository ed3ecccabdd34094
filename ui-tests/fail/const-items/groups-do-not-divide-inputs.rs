//! 3 groups cannot share 8 channels.

use typenet::prelude::*;

const GROUPS: usize = 3;

network! {
    struct Net: [8, 28, 28] {
        conv: Conv2d<8, 6, K = 5, G = GROUPS>,
    }
}

fn main() {}
