//! A layer that gives nothing: found on building.

use typenet::prelude::*;

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<(Flatten, Linear<192, 0>), Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
