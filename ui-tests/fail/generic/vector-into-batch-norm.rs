//! The norm of images, behind `Flatten`.

use typenet::prelude::*;

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Flatten, BatchNorm2d<192>);

fn main() {
    behind::<Net>();
}
