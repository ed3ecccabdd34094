//! An activation that has learnt no slope.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        act: PRelu<0>,
    }
}

fn main() {}
