//! More copies than any network has.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        convs: [Conv2d<1, 1, K = 1>; 5000],
    }
}

fn main() {}
