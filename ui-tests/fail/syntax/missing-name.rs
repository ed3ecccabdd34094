//! A network without a name.

use typenet::prelude::*;

network! {
    pub struct: [1, 28, 28] {
        relu: Relu,
    }
}

fn main() {}
