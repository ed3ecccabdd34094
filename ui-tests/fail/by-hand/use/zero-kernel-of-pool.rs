//! A pool without a pixel.

use typenet::prelude::*;

type Net = AvgPool2d<0, 2>;

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
