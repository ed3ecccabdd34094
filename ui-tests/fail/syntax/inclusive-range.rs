//! Copies up to and including the end.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        convs: [Conv2d<1, 1, K = 1>; 0..=2],
    }
}

fn main() {}
