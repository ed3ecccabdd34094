//! What arrives comes at run time: nothing to infer.

use typenet::prelude::*;

const CLASSES: usize = 10;

network! {
    struct Net: [3, Dyn, Dyn] {
        flatten: Flatten,
        fc: Linear<_, CLASSES>,
    }
}

fn main() {}
