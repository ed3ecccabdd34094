//! The kernel fits the rows, but not the columns.

use typenet::prelude::*;

const WIDTH: usize = 5;

network! {
    struct Net: [1, 8, 4] {
        conv: Conv2d<1, 6, K = (3, WIDTH)>,
    }
}

fn main() {}
