//! A type that is no layer.

use typenet::prelude::*;

type Net = (Conv2d<1, 6, 5>, String);

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
