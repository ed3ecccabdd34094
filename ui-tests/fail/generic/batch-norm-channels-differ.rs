//! The norm has 16 channels, the convolution gives 6.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Conv2d<3, 6, 3>, BatchNorm2d<16>);

fn main() {
    behind::<Net>();
}
