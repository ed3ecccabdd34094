//! An input of 2⁶³ bytes and more.

use typenet::prelude::*;

type Net = Relu;

fn main() {
    let _ = On::<Net, Chw<3, 1099511627776, 1099511627776>>::random(1);
}
