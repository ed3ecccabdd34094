//! 4 slopes for 3 channels.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        act: PRelu<4>,
    }
}

fn main() {}
