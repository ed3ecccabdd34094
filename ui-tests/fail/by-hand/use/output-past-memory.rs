//! An output of 2⁶³ bytes and more.

use typenet::prelude::*;

type Net = Conv2d<1, 1099511627776, 1>;

fn main() {
    let _ = On::<Net, Chw<1, 4096, 4096>>::random(1);
}
