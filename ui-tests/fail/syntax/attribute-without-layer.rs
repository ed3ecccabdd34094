//! A weight name, and no layer behind it.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        relu: Relu,
        #[name = "features.0"]
    }
}

fn main() {}
