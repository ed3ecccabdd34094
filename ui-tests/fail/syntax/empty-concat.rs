//! A concatenation without arms.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        mixed: Concat {},
    }
}

fn main() {}
