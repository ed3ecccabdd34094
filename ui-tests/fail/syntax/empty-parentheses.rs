//! A layer is a type, not a call.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        relu: Relu(),
    }
}

fn main() {}
