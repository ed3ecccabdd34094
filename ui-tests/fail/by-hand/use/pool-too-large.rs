//! The window of the pool is larger than the image.

use typenet::prelude::*;

type Net = MaxPool2d<30, 2>;

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
