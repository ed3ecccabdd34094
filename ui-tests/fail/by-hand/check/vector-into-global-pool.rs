//! A global pool behind `Flatten`.

use typenet::prelude::*;

type Net = (Flatten, GlobalAvgPool2d);

typenet::check!(Net: [1, 28, 28] -> [1]);

fn main() {}
