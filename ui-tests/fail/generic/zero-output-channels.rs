//! A layer that gives nothing: found on building.

use typenet::prelude::*;

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<Conv2d<3, 0, 3>, Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
