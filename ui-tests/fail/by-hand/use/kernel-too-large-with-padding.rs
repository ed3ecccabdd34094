//! Two pixels of padding all round do not help.

use typenet::prelude::*;

type Net = Conv2d<1, 6, 9, 1, 2>;

fn main() {
    let _: Option<<Net as Layer<Chw<1, 4, 4>>>::Out> = None;
}
