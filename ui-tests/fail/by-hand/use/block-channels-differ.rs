//! The block takes 16 channels, 8 arrive.

use typenet::prelude::*;

network! {
    struct Block<const I: usize, const O: usize> {
        Residual {
            conv: Conv2d<I, O, K = 3, P = 1>,
            bn: BatchNorm2d<_>,
        } shortcut {
            proj: Conv2d<I, O, K = 1>,
        },
        relu: Relu,
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Block<16, 32>);

fn main() {
    let _: Option<<Net as Layer<Chw<3, 28, 28>>>::Out> = None;
}
