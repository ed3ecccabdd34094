//! Taps that all lie on one pixel.

use typenet::prelude::*;

type Net = Conv2d<1, 6, 5, 1, 0, 0>;

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
