//! With run-time sizes the channels are still known: the arms of the add differ.

use typenet::prelude::*;

network! {
    struct Same<const I: usize, const O: usize> {
        Residual { conv: Conv2d<I, O, K = 3, P = 1> },
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Same<8, 16>);

fn main() {
    let _: Option<<Net as Layer<DynChw<3>>>::Out> = None;
}
