//! Two weight names for one layer.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        #[name = "a"]
        #[name = "b"]
        conv: Conv2d<1, 6, K = 5>,
    }
}

fn main() {}
