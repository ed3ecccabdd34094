//! With this a variance of 0 has no root: found on building.

use typenet::prelude::*;

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<BatchNorm2d<3, { float(-1e-3) }>, Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
