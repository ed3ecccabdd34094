//! A name, and the cursor behind it.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv
    }
}

fn main() {}
