//! Brackets, and nothing in them.

use typenet::prelude::*;

network! {
    struct Net: [] {
        relu: Relu,
    }
}

fn main() {}
