//! Channels that come at run time.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<Dyn, 6, K = 5>,
    }
}

fn main() {}
