//! An output that depends on parameters and is not declared.

use typenet::prelude::*;

network! {
    struct Net<const C: usize>: [1, 8, 8] {
        conv: Conv2d<1, C, K = 3>,
    }
}

fn main() {}
