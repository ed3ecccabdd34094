//! The window spans 10 rows, the image has 8.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = MaxPool2d<10, 2>;

fn main() {
    behind::<Net>();
}
