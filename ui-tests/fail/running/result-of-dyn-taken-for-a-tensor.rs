//! With sizes from run time, running can fail.

use typenet::prelude::*;

network! {
    struct Net: [3, Dyn, Dyn] -> [8, Dyn, Dyn] {
        conv: Conv2d<3, 8, K = 3>,
    }
}

fn main() {
    let x = Tensor::from_fn_with_shape(DynChw { height: 5, width: 7 }, |_| 0.0).unwrap();
    let _y: Tensor<f32, DynChw<8>> = Net::random(1).forward(&x);
}
