//! An activation that has learnt no slope.

use typenet::prelude::*;

const NONE: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        act: PRelu<NONE>,
    }
}

fn main() {}
