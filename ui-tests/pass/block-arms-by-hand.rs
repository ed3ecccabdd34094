//! Blocks with branches in tuples: arms that take the same channels, on sizes that are
//! fixed and on such that come at run time.

use typenet::prelude::*;

network! {
    struct Block<const C: usize, const O: usize> {
        Residual { conv: Conv2d<C, O, K = 3, P = 1> } shortcut { proj: Conv2d<C, O, K = 1> },
        Concat {
            same: Identity,
            pool: { max: MaxPool2d<K = 3, S = 1, P = 1>, cut: Conv2d<O, 2, K = 1> },
            wide: Conv2d<O, 2, K = 3, P = 1>,
        },
        Residual { Residual { again: Conv2d<8, 8, K = 1> } },
    }
}

type Net = (Conv2d<3, 8, 1>, Block<8, 4>);

fn main() {
    let y: Tensor<f32, Chw<8, 6, 6>> = On::<Net, Chw<3, 6, 6>>::random(1).forward(&Tensor::zeros());
    assert_eq!(y.len(), 288);
    assert_eq!(On::<Net, DynChw<3>>::PARAMS, On::<Net, Chw<3, 6, 6>>::PARAMS);
}
