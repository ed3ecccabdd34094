//! Each copy halves the image; for the fourth nothing is left to halve.

use typenet::prelude::*;

network! {
    struct Net: [8, 12, 12] {
        stage: [MaxPool2d<K = 2>; 4],
    }
}

fn main() {}
