//! Nothing can be put on but what the stride left open.

use typenet::prelude::*;

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<ConvTranspose2d<3, 4, 3, 2, 0, 2>, Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
