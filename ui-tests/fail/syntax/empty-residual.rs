//! A residual without a body.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        res: Residual {},
    }
}

fn main() {}
