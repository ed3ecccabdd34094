//! An arm, and the cursor behind its name.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        Concat {
            left: Identity,
            rig
        },
    }
}

fn main() {}
