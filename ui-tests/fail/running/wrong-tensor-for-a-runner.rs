//! The blocked engine takes the same shape.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [784] {
        flatten: Flatten,
    }
}

fn main() {
    let x = Tensor::<f32, Chw<3, 28, 28>>::zeros();
    let runner = Net::random(1).prepare();
    runner.run(&x);
}
