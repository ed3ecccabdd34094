//! 9 rows are made, and 10 cut off.

use typenet::prelude::*;

const CUT: usize = 5;

network! {
    struct Net: [3, 8, 8] {
        up: ConvTranspose2d<3, 4, K = 2, P = CUT>,
    }
}

fn main() {}
