//! Networks that are local to a function, and networks that a macro writes.

use typenet::prelude::*;

macro_rules! classifier {
    ($(#[$doc:meta])* $vis:vis $name:ident, $side:literal, $filters:expr, $last:ty, $act:ident) => {
        network! {
            $(#[$doc])*
            $vis struct $name: [1, $side, $side] -> [$filters] {
                conv: Conv2d<1, $filters, K = 3>,
                act: $act,
                pool: GlobalAvgPool2d,
                last: $last,
            }
        }
    };
}

classifier!(
    /// From a macro.
    pub Small, 12, 4, Linear<4, 4>, Relu
);

fn params() -> u64 {
    const FILTERS: usize = 3;
    network! {
        struct Local: [1, 8, 8] {
            conv: Conv2d<1, FILTERS, K = 3>,
        }
    }
    type Net = (Conv2d<1, 3, 3>, Relu);
    typenet::check!(Net: [1, 8, 8] -> [3, 6, 6]);
    Local::PARAMS
}

fn main() {
    assert_eq!(params(), 30);
    assert_eq!(Small::PARAMS, 4 * 9 + 4 + 16 + 4);
    let closure = || {
        network! { struct Inner: [4] -> [4] { relu: Relu } }
        Inner::random(0).forward(&Tensor::vector([-1.0, 0.0, 1.0, 2.0])).into_vec()
    };
    assert_eq!(closure(), [0.0, 0.0, 1.0, 2.0]);
}
