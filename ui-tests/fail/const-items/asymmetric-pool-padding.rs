//! One side of four pads more than half the window.

use typenet::prelude::*;

const RIGHT: usize = 2;

network! {
    struct Net: [1, 28, 28] {
        pool: MaxPool2d<K = 3, S = 2, P = ((1, 1), (0, RIGHT))>,
    }
}

fn main() {}
