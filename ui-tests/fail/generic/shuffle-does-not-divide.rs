//! 10 channels make no pixels of 2×2.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Conv2d<3, 10, 3, 1, 1>, PixelShuffle<2>);

fn main() {
    behind::<Net>();
}
