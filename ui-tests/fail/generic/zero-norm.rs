//! There is no 0-norm.

use typenet::prelude::*;

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<LpPool2d<0, 2>, Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
