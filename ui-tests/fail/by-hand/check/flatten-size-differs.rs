//! `Linear` expects 256 features, 400 arrive.

use typenet::prelude::*;

type Net =
    (Conv2d<1, 6, 5, 1, 2>, MaxPool2d<2>, Conv2d<6, 16, 5>, MaxPool2d<2>, Flatten, Linear<256, 10>);

typenet::check!(Net: [1, 28, 28] -> [10]);

fn main() {}
