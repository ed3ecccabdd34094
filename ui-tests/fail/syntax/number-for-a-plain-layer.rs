//! `Relu` has nothing to set.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        relu1: Relu<1>,
    }
}

fn main() {}
