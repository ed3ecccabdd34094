//! The second layer takes 120 features, the first gives 100.

use typenet::prelude::*;

fn behind<L: Layer<Vector<784>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Linear<784, 100>, Relu, Linear<120, 10>);

fn main() {
    behind::<Net>();
}
