//! Batches are not part of the shape.

use typenet::prelude::*;

network! {
    struct Net: [1, 3, 28, 28] {
        relu: Relu,
    }
}

fn main() {}
