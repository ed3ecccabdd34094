//! Flattened 216 features arrive, 200 are taken.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Conv2d<3, 6, 3>, Flatten, Linear<200, 10>);

fn main() {
    behind::<Net>();
}
