//! `Inner` takes 6×14×14, 6×6×6 arrive.

use typenet::prelude::*;

network! {
    struct Inner: [6, 14, 14] -> [10] {
        flatten: Flatten,
        fc: Linear<1176, 10>,
    }
}

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Conv2d<3, 6, 3>, Inner);

fn main() {
    behind::<Net>();
}
