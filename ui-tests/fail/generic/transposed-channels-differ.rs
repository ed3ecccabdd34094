//! The transposed convolution takes 6 channels, the convolution gives 8.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Conv2d<3, 8, 3, 1, 1>, ConvTranspose2d<6, 4, 2, 2>);

fn main() {
    behind::<Net>();
}
