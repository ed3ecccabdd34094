//! A pool may pad at most half its window.

use typenet::prelude::*;

type Net = MaxPool2d<3, 2, 2>;

typenet::check!(Net: [1, 28, 28] -> [1, 15, 15]);

fn main() {}
