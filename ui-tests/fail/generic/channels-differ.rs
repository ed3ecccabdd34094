//! The second convolution takes 7 channels, the first gives 6.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Conv2d<3, 6, 3>, Relu, Conv2d<7, 16, 3>);

fn main() {
    behind::<Net>();
}
