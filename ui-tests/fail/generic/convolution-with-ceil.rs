//! A last window that hangs over is for pools: found on building.

use typenet::prelude::*;
use typenet::size::{Ceil, Pad, Side};

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<Conv2d<3, 4, 3, 2, 0, 1, 1, true, Ceil<Side<3, 2, 1, Pad<0, 0>>>>, Chw<3, 8, 8>>;

fn main() {
    weights::<Net>();
}
