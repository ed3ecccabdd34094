//! A kernel by keyword in a tuple, which is a type of its own.

use typenet::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [10] {
        block: (Conv2d<1, 4, K = 3>, Relu),
        flatten: Flatten,
        fc: Linear<144, 10>,
    }
}

fn main() {}
