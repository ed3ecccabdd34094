//! An arrow to nowhere.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> {
        relu: Relu,
    }
}

fn main() {}
