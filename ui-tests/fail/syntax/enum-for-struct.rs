//! A network is a `struct`.

use typenet::prelude::*;

network! {
    pub enum Net: [1, 28, 28] {
        relu: Relu,
    }
}

fn main() {}
