//! There is no 0-norm.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        pool: LpPool2d<NORM = 0, K = 2>,
    }
}

fn main() {}
