//! A fully-connected layer in an arm, behind a size that comes at run time.

use typenet::prelude::*;

const FEATURES: usize = 48;

network! {
    struct Net: [3, Dyn, Dyn] {
        mixed: Concat {
            pooled: { pool: GlobalAvgPool2d, fc: Linear<3, 4> },
            flat: { flatten: Flatten, fc: Linear<FEATURES, 4> },
        },
    }
}

fn main() {}
