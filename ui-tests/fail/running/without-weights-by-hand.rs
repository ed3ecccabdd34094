//! The tuple alone cannot run.

use typenet::prelude::*;

type Net = (Flatten, Linear<784, 10>);

fn main() {
    Net::random(1);
}
