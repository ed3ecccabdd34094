//! The file has a tensor that is called like a counter of batches, but is none.

use typenet::prelude::*;

network! { struct Net: [2] -> [1] { fc: Linear<2, 1> } }

typenet::check_weights!(Net, "../../weights/counted-in-floats.safetensors");

fn main() {}
