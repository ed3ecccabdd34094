//! Two pixels of padding all round do not help.

use typenet::prelude::*;

network! {
    struct Net: [1, 4, 4] {
        conv: Conv2d<1, 6, K = 9, P = 2>,
    }
}

fn main() {}
