//! Nothing at all.

use typenet::prelude::*;

network! {}

fn main() {}
