//! Each arm of the block takes 16 channels, 8 arrive.

use typenet::prelude::*;

network! {
    struct Block<const I: usize> {
        Concat {
            left: { conv: Conv2d<I, 8, K = 1> },
            middle: { conv: Conv2d<I, 8, K = 3, P = 1> },
            right: { pool: MaxPool2d<K = 3, S = 1, P = 1>, conv: Conv2d<I, 8, K = 1> },
        },
    }
}

type Net = (Conv2d<3, 8, 1>, Block<16>);

fn main() {
    let _: Option<<Net as Layer<Chw<3, 28, 28>>>::Out> = None;
}
