//! An image without a row.

use typenet::prelude::*;

const NONE: usize = 0;

network! {
    struct Net: [1, NONE, 28] {
        relu: Relu,
    }
}

fn main() {}
