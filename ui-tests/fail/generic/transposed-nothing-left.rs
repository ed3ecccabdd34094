//! 9 rows are made, and 10 cut off.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = ConvTranspose2d<3, 4, 2, 1, 5>;

fn main() {
    behind::<Net>();
}
