//! Nothing lies above 6 and below 0: found on building.

use typenet::prelude::*;

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<Clip<{ float(6.0) }, { float(0.0) }>, Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
