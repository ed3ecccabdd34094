//! The input's channels stand last, as in an array of pixels.

use typenet::prelude::*;

const COLOURS: usize = 3;

network! {
    struct Net: [28, 28, COLOURS] {
        conv: Conv2d<COLOURS, 8, K = 3>,
    }
}

fn main() {}
