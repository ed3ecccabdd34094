//! 2⁶⁴ and more.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, K = 99999999999999999999>,
    }
}

fn main() {}
