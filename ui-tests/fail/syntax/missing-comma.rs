//! Two layers run together.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Conv2d<1, 6, K = 5>
        relu1: Relu,
    }
}

fn main() {}
