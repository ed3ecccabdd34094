//! A window of run-time size with a kernel of 0.

use typenet::prelude::*;

fn behind<L: Layer<DynChw<3>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Conv2d<3, 8, 0>;

fn main() {
    behind::<Net>();
}
