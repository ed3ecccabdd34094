//! Each copy halves the image; for the fourth nothing is left to halve.

use typenet::prelude::*;

const COPIES: usize = 4;

network! {
    struct Net: [8, 12, 12] {
        stage: [MaxPool2d<K = 2>; COPIES],
    }
}

fn main() {}
