//! A pool behind `Flatten`.

use typenet::prelude::*;

type Net = (Flatten, MaxPool2d<2>);

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
