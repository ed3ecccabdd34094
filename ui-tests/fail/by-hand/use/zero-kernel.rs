//! A kernel without a tap.

use typenet::prelude::*;

type Net = Conv2d<1, 6, 0>;

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
