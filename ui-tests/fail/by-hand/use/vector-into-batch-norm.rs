//! The norm of images, behind `Flatten`.

use typenet::prelude::*;

type Net = (Flatten, BatchNorm2d<192>);

fn main() {
    let _: Option<<Net as Layer<Chw<3, 8, 8>>>::Out> = None;
}
