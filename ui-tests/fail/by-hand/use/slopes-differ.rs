//! 4 slopes for 3 channels.

use typenet::prelude::*;

type Net = PRelu<4>;

fn main() {
    On::<Net, Chw<3, 8, 8>>::random(1);
}
