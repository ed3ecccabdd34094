//! `fc2` expects 120 features, `fc1` gives 100.

use typenet::prelude::*;

const FEATURES: usize = 120;

network! {
    struct Net: [784] -> [10] {
        fc1: Linear<784, 100>,
        relu: Relu,
        fc2: Linear<FEATURES, 10>,
    }
}

fn main() {}
