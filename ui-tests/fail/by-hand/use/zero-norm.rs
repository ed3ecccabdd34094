//! There is no 0-norm.

use typenet::prelude::*;

type Net = LpPool2d<0, 2>;

fn main() {
    On::<Net, Chw<3, 8, 8>>::random(1);
}
