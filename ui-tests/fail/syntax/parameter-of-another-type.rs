//! A parameter that is no `usize`.

use typenet::prelude::*;

network! {
    struct Net<const C: i32>: [1, 8, 8] -> [C, 6, 6] {
        conv: Conv2d<1, C, K = 3>,
    }
}

fn main() {}
