//! A norm over no channels.

use typenet::prelude::*;

const NONE: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        norm: LocalResponseNorm<NONE>,
    }
}

fn main() {}
