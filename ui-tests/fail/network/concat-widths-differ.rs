//! The third arm loses four columns.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        Concat {
            one: Conv2d<8, 4, K = 1>,
            three: Conv2d<8, 4, K = 3, P = 1>,
            five: Conv2d<8, 4, K = (1, 5)>,
        },
    }
}

fn main() {}
