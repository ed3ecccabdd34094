//! With this a variance of 0 has no root: found on building.

use typenet::prelude::*;

type Net = BatchNorm2d<3, { float(-1e-3) }>;

fn main() {
    On::<Net, Chw<3, 8, 8>>::random(1);
}
