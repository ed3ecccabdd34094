//! The body of the block adds to an identity only where I = O.

use typenet::prelude::*;

const FILTERS: usize = 16;

network! {
    struct Same<const I: usize, const O: usize> {
        Residual { conv: Conv2d<I, O, K = 3, P = 1> },
    }
}

network! {
    struct Net: [8, 28, 28] {
        layer1: Same<8, FILTERS>,
    }
}

fn main() {}
