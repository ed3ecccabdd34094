//! The kernel by position and by keyword.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, 5, K = 3>,
    }
}

fn main() {}
