//! Zero times as large.

use typenet::prelude::*;

const FACTOR: usize = 0;

network! {
    struct Net: [3, 8, 8] {
        up: Upsample<FACTOR>,
    }
}

fn main() {}
