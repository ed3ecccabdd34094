//! More than every value can't be dropped.

use typenet::prelude::*;

const P: f64 = 1.5;

network! {
    struct Net: [3, 8, 8] {
        drop: Dropout<P = P>,
    }
}

fn main() {}
