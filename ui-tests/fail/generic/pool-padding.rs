//! A window could lie wholly in the padding.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = MaxPool2d<3, 2, 2>;

fn main() {
    behind::<Net>();
}
