//! Filters have a fixed depth.

use typenet::prelude::*;

network! {
    struct Net: [Dyn, 28, 28] {
        relu: Relu,
    }
}

fn main() {}
