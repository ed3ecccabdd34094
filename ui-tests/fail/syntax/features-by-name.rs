//! PyTorch's name for a number that has none here.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        flatten: Flatten,
        fc: Linear<in_features = 784, 10>,
    }
}

fn main() {}
