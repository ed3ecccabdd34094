//! A function that takes any layer, without saying what shape it takes.

use typenet::prelude::*;

fn two<A, B>() -> Option<<B as Layer<<A as Layer<Chw<3, 8, 8>>>::Out>>::Out>
where
    A: Layer<Chw<3, 8, 8>>,
{
    None
}

fn main() {
    two::<Relu, Relu>();
}
