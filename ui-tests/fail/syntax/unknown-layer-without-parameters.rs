//! `relu` is no layer, but close to one.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        act: relu,
    }
}

fn main() {}
