//! 10 classes are declared, 12 come.

use typenet::prelude::*;

const CLASSES: usize = 10;

network! {
    struct Net: [1, 28, 28] -> [CLASSES] {
        flatten: Flatten,
        fc: Linear<784, 12>,
    }
}

fn main() {}
