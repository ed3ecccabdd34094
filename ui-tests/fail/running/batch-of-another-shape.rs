//! Each tensor of a batch has the shape of the input.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [784] {
        flatten: Flatten,
    }
}

fn main() {
    let batch = vec![Tensor::<f32, Chw<3, 28, 28>>::zeros(); 2];
    Net::random(1).forward_batch(&batch);
}
