//! A convolution behind `Flatten`.

use typenet::prelude::*;

type Net = (Flatten, Conv2d<784, 6, 1>);

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
