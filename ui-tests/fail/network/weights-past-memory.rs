//! Weights of 2⁶³ bytes and more, between two small vectors.

use typenet::prelude::*;

network! {
    struct Net: [784] -> [10] {
        fc1: Linear<_, 4294967296>,
        fc2: Linear<_, 4294967296>,
        fc3: Linear<_, 10>,
    }
}

fn main() {}
