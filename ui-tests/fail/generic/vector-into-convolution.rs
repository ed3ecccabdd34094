//! There are no rows and columns behind `Flatten`.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Flatten, Conv2d<192, 6, 1>);

fn main() {
    behind::<Net>();
}
