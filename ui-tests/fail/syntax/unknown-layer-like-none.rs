//! Nothing of ours is called like this, and only ours take keywords.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv1: Transformer<HEADS = 8>,
    }
}

fn main() {}
