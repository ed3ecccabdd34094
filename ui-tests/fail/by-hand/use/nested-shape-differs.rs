//! `Inner` takes 6×14×14, 6×24×24 arrive.

use typenet::prelude::*;

network! {
    struct Inner: [6, 14, 14] -> [10] {
        flatten: Flatten,
        fc: Linear<1176, 10>,
    }
}

type Net = (Conv2d<1, 6, 5>, Inner);

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
