//! A network that ends with its output.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [10]
}

fn main() {}
