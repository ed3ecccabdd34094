//! The window of the pool is larger than the image.

use typenet::prelude::*;

type Net = MaxPool2d<30, 2>;

typenet::check!(Net: [1, 28, 28] -> [1, 1, 1]);

fn main() {}
