//! A convolution without a filter.

use typenet::prelude::*;

type Net = Conv2d<1, 0, 5>;

fn main() {
    let _ = On::<Net, Chw<1, 28, 28>>::random(1);
}
