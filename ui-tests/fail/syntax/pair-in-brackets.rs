//! Height and width in brackets.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = [3, 5]>,
    }
}

fn main() {}
