//! 10 classes are declared, 12 come.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [10] {
        flatten: Flatten,
        fc: Linear<784, 12>,
    }
}

fn main() {}
