//! The body makes 16 channels of 8; the identity beside it keeps 8.

use typenet::prelude::*;

network! {
    struct Same<const I: usize, const O: usize> {
        Residual { conv: Conv2d<I, O, K = 3, P = 1> },
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Same<8, 16>);

fn main() {
    let _: Option<<Net as Layer<Chw<3, 28, 28>>>::Out> = None;
}
