//! A number that is 0.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Conv2d<3, 6, 0>;

fn main() {
    behind::<Net>();
}
