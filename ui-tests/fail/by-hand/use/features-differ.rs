//! The second layer expects 120 features, the first gives 100.

use typenet::prelude::*;

type Net = (Linear<784, 100>, Relu, Linear<120, 10>);

fn main() {
    let _: Option<<Net as Layer<Vector<784>>>::Out> = None;
}
