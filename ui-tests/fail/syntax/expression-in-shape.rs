//! A product as a size, without braces.

use typenet::prelude::*;

network! {
    struct Net: [1, 2 * 14, 28] {
        relu: Relu,
    }
}

fn main() {}
