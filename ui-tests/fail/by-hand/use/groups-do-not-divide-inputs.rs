//! 3 groups cannot share 8 channels.

use typenet::prelude::*;

type Net = Conv2d<8, 6, 5, 1, 0, 1, 3>;

fn main() {
    let _: Option<<Net as Layer<Chw<8, 28, 28>>>::Out> = None;
}
