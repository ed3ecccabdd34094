//! A window of run-time size with a kernel of 0.

use typenet::prelude::*;

type Net = Conv2d<3, 8, 0>;

fn main() {
    let _: Option<<Net as Layer<DynChw<3>>>::Out> = None;
}
