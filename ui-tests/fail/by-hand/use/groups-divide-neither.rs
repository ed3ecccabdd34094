//! Groups that divide neither the channels that come in nor those that go out.

use typenet::prelude::*;

type Net = (Conv2d<8, 6, 3, 1, 0, 1, 5>, Relu);

fn main() {
    let _: Option<<Net as Layer<Chw<8, 28, 28>>>::Out> = None;
}
