//! Outputs within an output.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        Heads {
            left: { Heads { up: { flatten: Flatten }, down: { flatten: Flatten } } },
            right: { flatten: Flatten },
        },
    }
}

fn main() {}
