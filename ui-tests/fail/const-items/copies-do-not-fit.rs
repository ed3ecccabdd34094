//! The second copy takes 8 channels, the first gives 16.

use typenet::prelude::*;

const FILTERS: usize = 16;

network! {
    struct Net: [8, 28, 28] {
        stage: [Conv2d<8, FILTERS, K = 3, P = 1>; 3],
    }
}

fn main() {}
