//! A type that nobody has defined.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        norm: MyNorm,
    }
}

fn main() {}
