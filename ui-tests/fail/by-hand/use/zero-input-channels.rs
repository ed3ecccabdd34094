//! A filter without depth.

use typenet::prelude::*;

type Net = Conv2d<0, 6, 5>;

fn main() {
    let _ = On::<Net, Chw<0, 28, 28>>::random(1);
}
