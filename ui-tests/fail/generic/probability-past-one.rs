//! More than every value can't be dropped: found on building.

use typenet::prelude::*;

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<Dropout<{ float(1.5) }>, Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
