//! Behind a concatenation of 3 and 4 channels, 16 are taken.

use typenet::prelude::*;

network! {
    struct Mixed<const C: usize, const N: usize> {
        mixed: Concat {
            left: Identity,
            right: { conv: Conv2d<C, 4, K = 1> },
        },
        conv: Conv2d<N, 8, K = 1>,
    }
}

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Mixed<3, 16>;

fn main() {
    behind::<Net>();
}
