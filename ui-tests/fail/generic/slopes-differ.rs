//! 4 slopes for 3 channels.

use typenet::prelude::*;

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<PRelu<4>, Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
