//! Nothing can be put on but what the stride left open.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        up: ConvTranspose2d<3, 4, K = 3, S = 2, OUTPUT_PADDING = 2>,
    }
}

fn main() {}
