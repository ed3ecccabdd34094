//! The network takes an image, the tensor is flat.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [784] {
        flatten: Flatten,
    }
}

fn main() {
    let x = Tensor::<f32, Vector<784>>::zeros();
    Net::random(1).forward(&x);
}
