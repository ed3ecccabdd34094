//! A width calculated from a parameter.

use typenet::prelude::*;

network! {
    struct Block<const C: usize> {
        conv: Conv2d<C, { 4 * C }, K = 1>,
    }
}

fn main() {}
