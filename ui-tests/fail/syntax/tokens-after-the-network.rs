//! One network a macro.

use typenet::prelude::*;

network! {
    struct First: [1, 28, 28] {
        relu: Relu,
    }
    struct Second: [1, 28, 28] {
        relu: Relu,
    }
}

fn main() {}
