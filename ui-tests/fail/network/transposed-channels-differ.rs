//! `up` takes 6 channels, `conv` gives 8.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        conv: Conv2d<3, 8, K = 3, P = 1>,
        up: ConvTranspose2d<6, 4, K = 2, S = 2>,
    }
}

fn main() {}
