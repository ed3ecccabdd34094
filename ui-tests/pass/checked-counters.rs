//! A weight file that also counts batches, as torch's batch norm does.

use typenet::prelude::*;

network! { struct Net: [2] -> [1] { fc: Linear<2, 1> } }

typenet::check_weights!(Net, "../weights/counted.safetensors");

fn main() {
    let file = include_bytes!("../weights/counted.safetensors");
    assert!(Net::from_bytes(file).is_ok());
}
