//! 9 rows are made, and 10 cut off.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        up: ConvTranspose2d<3, 4, K = 2, P = 5>,
    }
}

fn main() {}
