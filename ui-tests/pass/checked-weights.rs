//! A weight file that is the network's, checked when the program is compiled.

use typenet::prelude::*;

network! {
    struct Net: [1, 4, 4] -> [2] {
        conv: Conv2d<1, 4, K = 3>,
        flatten: Flatten,
        fc: Linear<16, 2>,
    }
}

typenet::check_weights!(Net, "../weights/small.safetensors");

fn main() {
    let file = include_bytes!("../weights/small.safetensors");
    assert!(Net::from_bytes(file).is_ok());
}
