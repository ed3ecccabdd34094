//! The second copy takes 8 channels, the first gives 16.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        stage: [Conv2d<8, 16, K = 3, P = 1>; 3],
    }
}

fn main() {}
