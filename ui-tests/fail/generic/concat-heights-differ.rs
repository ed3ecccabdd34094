//! The right arm loses two rows.

use typenet::prelude::*;

network! {
    struct Mixed<const C: usize> {
        Concat {
            left: { conv: Conv2d<C, 4, K = 1> },
            right: { conv: Conv2d<C, 4, K = (3, 1)> },
        },
    }
}

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Mixed<3>;

fn main() {
    behind::<Net>();
}
