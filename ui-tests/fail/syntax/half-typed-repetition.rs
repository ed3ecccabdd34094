//! A repetition, and the cursor behind the semicolon.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        stage: [Conv2d<8, 8, K = 3, P = 1>; ],
    }
}

fn main() {}
