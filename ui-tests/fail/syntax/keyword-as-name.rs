//! A keyword is no name, unless it is raw.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        type: Relu,
    }
}

fn main() {}
