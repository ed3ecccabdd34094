//! Two layers of one name: what comes behind them is not blamed for it.

use typenet::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [10] {
        conv: Conv2d<1, 4, K = 3>,
        conv: MaxPool2d<K = 2>,
        flatten: Flatten,
        fc: Linear<36, 10>,
    }
}

fn main() {}
