//! Two commas, and no layer between them.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = 5>,,
        relu: Relu,
    }
}

fn main() {}
