//! 3 groups, 8 channels in.

use typenet::prelude::*;

fn behind<L: Layer<Chw<8, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Conv2d<8, 6, 3, 1, 0, 1, 3>;

fn main() {
    behind::<Net>();
}
