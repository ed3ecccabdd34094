//! The second copy takes 3 channels, the first gives 16.

use typenet::prelude::*;

network! {
    struct Stage<const I: usize, const O: usize> {
        copies: [Conv2d<I, O, K = 3, P = 1>; 3],
    }
}

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Stage<3, 16>;

fn main() {
    behind::<Net>();
}
