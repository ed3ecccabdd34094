//! Plain numbers have no shape.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [784] {
        flatten: Flatten,
    }
}

fn main() {
    let x = vec![0.0_f32; 784];
    Net::random(1).forward(&x);
}
