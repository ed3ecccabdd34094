//! The function hands in 3 channels, the layer takes 1.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Conv2d<1, 6, 3>;

fn main() {
    behind::<Net>();
}
