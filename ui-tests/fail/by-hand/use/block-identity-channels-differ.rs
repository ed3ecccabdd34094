//! The block takes 16 channels and adds them to its input, which has 8.

use typenet::prelude::*;

network! {
    struct Block<const C: usize> {
        Residual { conv: Conv2d<C, C, K = 3, P = 1>, bn: BatchNorm2d<_> },
    }
}

type Net = (Conv2d<3, 8, 1>, Block<16>);

fn main() {
    let _: Option<<Net as Layer<Chw<3, 28, 28>>>::Out> = None;
}
