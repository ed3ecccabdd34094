//! `check!` proves both ends.

use typenet::prelude::*;

type Net = (Flatten, Linear<784, 10>);

typenet::check!(Net: [1, 28, 28]);

fn main() {}
