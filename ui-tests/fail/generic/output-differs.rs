//! The function wants 10 classes, the chain gives 12.

use typenet::prelude::*;

fn classify<L: Layer<Chw<3, 8, 8>, Out = Vector<10>>>() {}

fn main() {
    classify::<(Flatten, Linear<192, 12>)>();
}
