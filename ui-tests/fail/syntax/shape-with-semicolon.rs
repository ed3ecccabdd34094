//! An array is no shape.

use typenet::prelude::*;

network! {
    struct Net: [28; 3] {
        relu: Relu,
    }
}

fn main() {}
