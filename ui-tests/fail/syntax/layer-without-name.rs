//! A layer has a name before it.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        Conv2d<3, 8, K = 3>,
    }
}

fn main() {}
