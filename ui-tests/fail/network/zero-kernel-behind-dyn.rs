//! A window of run-time size with a kernel of 0.

use typenet::prelude::*;

network! {
    struct Net: [3, Dyn, Dyn] {
        conv: Conv2d<3, 8, K = 0>,
    }
}

fn main() {}
