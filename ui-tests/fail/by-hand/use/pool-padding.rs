//! A pool may pad at most half its window.

use typenet::prelude::*;

type Net = MaxPool2d<3, 2, 2>;

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
