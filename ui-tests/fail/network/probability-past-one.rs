//! More than every value can't be dropped.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        drop: Dropout<P = 1.5>,
    }
}

fn main() {}
