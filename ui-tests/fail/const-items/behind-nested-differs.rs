//! `Inner` gives 10 features, `fc` expects 12.

use typenet::prelude::*;

const FEATURES: usize = 12;

network! {
    struct Inner: [6, 14, 14] -> [10] {
        flatten: Flatten,
        fc: Linear<1176, 10>,
    }
}

network! {
    struct Net: [6, 14, 14] -> [2] {
        head: Inner,
        fc: Linear<FEATURES, 2>,
    }
}

fn main() {}
