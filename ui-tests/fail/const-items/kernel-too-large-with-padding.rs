//! Two pixels of padding all round do not help.

use typenet::prelude::*;

const KERNEL: usize = 9;

network! {
    struct Net: [1, 4, 4] {
        conv: Conv2d<1, 6, K = KERNEL, P = 2>,
    }
}

fn main() {}
