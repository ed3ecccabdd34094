//! A weight name written like a call.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        #[name("features.0")]
        conv: Conv2d<1, 6, K = 5>,
    }
}

fn main() {}
