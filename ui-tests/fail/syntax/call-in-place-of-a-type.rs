//! Arguments in parentheses, as PyTorch has them.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        conv: Conv2d(8, 8, K = 3),
    }
}

fn main() {}
