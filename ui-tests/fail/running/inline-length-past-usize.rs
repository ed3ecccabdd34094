//! An inline storage of 2⁶⁴ numbers: the length wraps to 0, but nothing is built on it.

use typenet::prelude::*;
use typenet::tensor::InlineTensor;
use typenet::tensor::typenum::{B0, U9223372036854775808, UInt};

type Endless = UInt<U9223372036854775808, B0>;

fn main() {
    let x = InlineTensor::<f32, Vector<4>, Endless>::default();
    assert_eq!(x.len(), 4);
}
