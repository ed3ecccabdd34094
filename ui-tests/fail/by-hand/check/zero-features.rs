//! A fully-connected layer without an output.

use typenet::prelude::*;

type Net = Linear<784, 0>;

typenet::check!(Net: [784] -> [0]);

fn main() {}
