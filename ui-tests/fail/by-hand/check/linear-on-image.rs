//! A fully-connected layer without `Flatten` before it.

use typenet::prelude::*;

type Net = (Conv2d<1, 6, 5>, Linear<3456, 10>);

typenet::check!(Net: [1, 28, 28] -> [10]);

fn main() {}
