//! A window that keeps the size and never moves on.

use typenet::prelude::*;

type Net = Conv2d<1, 6, 3, 0, 1>;

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
