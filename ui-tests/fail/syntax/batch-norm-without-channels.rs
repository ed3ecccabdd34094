//! A norm that does not say how many channels.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        bn: BatchNorm2d,
    }
}

fn main() {}
