//! The output behind another arrow.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] => [784] {
        flatten: Flatten,
    }
}

fn main() {}
