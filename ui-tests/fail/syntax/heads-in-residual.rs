//! Outputs within a residual.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        res: Residual { heads: Heads { only: Identity } },
    }
}

fn main() {}
