//! Zero times as large.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Upsample<0>;

fn main() {
    behind::<Net>();
}
