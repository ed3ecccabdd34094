//! How many features there are shows only at run time.

use typenet::prelude::*;

fn behind<L: Layer<DynChw<3>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Conv2d<3, 6, 3>, Flatten, Linear<216, 10>);

fn main() {
    behind::<Net>();
}
