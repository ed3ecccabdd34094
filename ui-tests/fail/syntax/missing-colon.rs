//! A name and its layer run together.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        relu1 Relu,
    }
}

fn main() {}
