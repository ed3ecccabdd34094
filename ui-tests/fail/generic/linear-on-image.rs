//! There is no `Flatten` in front of the fully-connected layer.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Conv2d<3, 6, 3>, Linear<216, 10>);

fn main() {
    behind::<Net>();
}
