//! Zero times as large.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        up: Upsample<0>,
    }
}

fn main() {}
