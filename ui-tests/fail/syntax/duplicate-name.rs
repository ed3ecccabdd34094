//! Two layers of one name.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        relu1: Relu,
        pool1: MaxPool2d<K = 2>,
        relu1: Relu,
    }
}

fn main() {}
