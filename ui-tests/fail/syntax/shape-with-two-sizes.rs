//! An image has three sizes, a vector one.

use typenet::prelude::*;

network! {
    struct Net: [28, 28] {
        relu: Relu,
    }
}

fn main() {}
