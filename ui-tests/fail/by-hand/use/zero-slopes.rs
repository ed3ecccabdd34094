//! An activation that has learnt no slope.

use typenet::prelude::*;

type Net = (PRelu<0>, Relu);

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
