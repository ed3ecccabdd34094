//! There is no 0-norm.

use typenet::prelude::*;

const NORM: usize = 0;

network! {
    struct Net: [3, 8, 8] {
        pool: LpPool2d<NORM = NORM, K = 2>,
    }
}

fn main() {}
