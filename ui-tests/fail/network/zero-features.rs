//! A fully-connected layer without an output.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        flatten: Flatten,
        fc: Linear<784, 0>,
    }
}

fn main() {}
