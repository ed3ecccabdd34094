//! A fully-connected layer without an output.

use typenet::prelude::*;

type Net = Linear<784, 0>;

fn main() {
    let _ = On::<Net, Vector<784>>::random(1);
}
