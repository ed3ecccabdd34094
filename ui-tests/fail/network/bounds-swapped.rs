//! Nothing lies above 6 and below 0.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        act: Clip<MIN = 6.0, MAX = 0.0>,
    }
}

fn main() {}
