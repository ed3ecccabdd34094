//! No channel is compared with none: found on building.

use typenet::prelude::*;

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<LocalResponseNorm<0>, Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
