//! A norm over no channels.

use typenet::prelude::*;

type Net = (LocalResponseNorm<0>, Relu);

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
