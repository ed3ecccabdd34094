//! Nothing can be put on but what the stride left open.

use typenet::prelude::*;

type Net = ConvTranspose2d<3, 4, 3, 2, 0, 2>;

fn main() {
    On::<Net, Chw<3, 8, 8>>::random(1);
}
