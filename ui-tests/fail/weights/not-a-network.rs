//! The first argument is no network.

use typenet::prelude::*;


typenet::check_weights!(String, "../../weights/small.safetensors");

fn main() {}
