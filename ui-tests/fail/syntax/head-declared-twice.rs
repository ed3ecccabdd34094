//! A head is declared twice.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> { left: [784], left: [784], right: [784] } {
        Heads { left: { flatten: Flatten }, right: { flatten: Flatten } },
    }
}

fn main() {}
