//! `"same"`, as in other frameworks.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = 5, P = "same">,
    }
}

fn main() {}
