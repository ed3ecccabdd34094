//! A norm over no channels.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        norm: LocalResponseNorm<0>,
    }
}

fn main() {}
