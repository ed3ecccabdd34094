//! Keywords of parameters are capital letters.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        conv: Conv2d<8, 8, k = 3, padding = 1>,
    }
}

fn main() {}
