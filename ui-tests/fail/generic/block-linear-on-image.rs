//! Whatever C is, an image arrives.

use typenet::prelude::*;

network! {
    struct Block<const C: usize> {
        conv: Conv2d<C, 8, K = 3, P = 1>,
        fc: Linear<8, C>,
    }
}

fn main() {}
