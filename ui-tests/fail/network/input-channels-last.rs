//! The input's channels stand last, as in an array of pixels.

use typenet::prelude::*;

network! {
    struct Net: [28, 28, 3] {
        conv: Conv2d<3, 8, K = 3>,
    }
}

fn main() {}
