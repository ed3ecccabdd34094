//! Nothing lies above 6 and below 0.

use typenet::prelude::*;

const LOW: f64 = 6.0;

network! {
    struct Net: [3, 8, 8] {
        act: Clip<MIN = LOW, MAX = 0.0>,
    }
}

fn main() {}
