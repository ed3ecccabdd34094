//! A fully-connected layer without an output.

use typenet::prelude::*;

const CLASSES: usize = 0;

network! {
    struct Net: [1, 28, 28] {
        flatten: Flatten,
        fc: Linear<784, CLASSES>,
    }
}

fn main() {}
