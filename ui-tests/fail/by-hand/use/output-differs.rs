//! 10 classes are declared, 12 come.

use typenet::prelude::*;

type Net = (Flatten, Linear<784, 12>);

fn main() {
    let _ = On::<Net, Chw<1, 28, 28>, Vector<10>>::random(1);
}
