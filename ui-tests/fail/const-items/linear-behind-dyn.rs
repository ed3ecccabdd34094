//! How many features there are shows only at run time.

use typenet::prelude::*;

const FEATURES: usize = 3456;

network! {
    struct Net: [1, Dyn, Dyn] -> [10] {
        conv: Conv2d<1, 6, K = 5>,
        flatten: Flatten,
        fc: Linear<FEATURES, 10>,
    }
}

fn main() {}
