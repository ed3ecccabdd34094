//! `dyn` for `Dyn`.

use typenet::prelude::*;

network! {
    struct Net: [1, dyn, dyn] {
        relu: Relu,
    }
}

fn main() {}
