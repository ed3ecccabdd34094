//! A colon, and no shape behind it.

use typenet::prelude::*;

network! {
    struct Net: {
        relu: Relu,
    }
}

fn main() {}
