//! 4 · 8 are 32, not 24.

use typenet::prelude::*;

const FILTERS: usize = 24;

network! {
    struct Wide<const C: usize, const O: usize> where O == 4 * C {
        conv: Conv2d<C, O, K = 1>,
        relu: Relu,
    }
}

network! {
    struct Net: [8, 28, 28] {
        wide: Wide<8, FILTERS>,
    }
}

fn main() {}
