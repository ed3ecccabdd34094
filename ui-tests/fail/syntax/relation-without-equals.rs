//! A relation that is no equation.

use typenet::prelude::*;

network! {
    struct Block<const I: usize, const O: usize> where O > I {
        conv: Conv2d<I, O, K = 1>,
    }
}

fn main() {}
