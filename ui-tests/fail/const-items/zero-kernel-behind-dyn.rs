//! A window of run-time size with a kernel of 0.

use typenet::prelude::*;

const KERNEL: usize = 0;

network! {
    struct Net: [3, Dyn, Dyn] {
        conv: Conv2d<3, 8, K = KERNEL>,
    }
}

fn main() {}
