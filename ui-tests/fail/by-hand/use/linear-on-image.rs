//! A fully-connected layer without `Flatten` before it.

use typenet::prelude::*;

type Net = (Conv2d<1, 6, 5>, Linear<3456, 10>);

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
