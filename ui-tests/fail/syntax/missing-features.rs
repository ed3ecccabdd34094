//! A fully-connected layer without numbers.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        flatten: Flatten,
        fc1: Linear,
    }
}

fn main() {}
