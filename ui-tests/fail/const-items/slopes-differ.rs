//! 4 slopes for 3 channels.

use typenet::prelude::*;

const SLOPES: usize = 4;

network! {
    struct Net: [3, 8, 8] {
        act: PRelu<SLOPES>,
    }
}

fn main() {}
