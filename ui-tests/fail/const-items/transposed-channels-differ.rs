//! `up` takes 6 channels, `conv` gives 8.

use typenet::prelude::*;

const WIDTH: usize = 6;

network! {
    struct Net: [3, 8, 8] {
        conv: Conv2d<3, 8, K = 3, P = 1>,
        up: ConvTranspose2d<WIDTH, 4, K = 2, S = 2>,
    }
}

fn main() {}
