//! The body makes 16 channels of 3; the identity beside it keeps 3.

use typenet::prelude::*;

network! {
    struct Same<const I: usize, const O: usize> {
        Residual { conv: Conv2d<I, O, K = 3, P = 1> },
    }
}

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Same<3, 16>;

fn main() {
    behind::<Net>();
}
