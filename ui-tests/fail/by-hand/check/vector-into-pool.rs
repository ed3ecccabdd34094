//! A pool behind `Flatten`.

use typenet::prelude::*;

type Net = (Flatten, MaxPool2d<2>);

typenet::check!(Net: [1, 28, 28] -> [392]);

fn main() {}
