//! Parameters as PyTorch spells them.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        conv: Conv2d<8, 8, kernel_size = 3>,
    }
}

fn main() {}
