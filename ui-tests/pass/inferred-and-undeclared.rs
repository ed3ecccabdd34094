//! What may be left out: the output, the trailing comma, what arrives, numbers
//! that go without keywords.

use typenet::prelude::*;

network! { struct Net: [3, 16, 16] { conv: Conv2d<_, 8, 3, 1, 1>, pool: AvgPool2d<2>, flat: Flatten, fc: Linear<_, 10> } }

network! {
    struct Behind: [3, 16, 16] {
        nested: Net,
        fc: Linear<_, 5, BIAS = false>,
    }
}

network! {
    struct OneNumber: [10,] -> [10,] {
        one: Identity,
    }
}

const _: () = assert!(Net::PARAMS == 8 * 27 + 8 + 512 * 10 + 10);
const _: () = assert!(Behind::PARAMS == Net::PARAMS + 50);
const _: () = assert!(OneNumber::MACS == 0);

fn main() {
    let _: <Net as Network>::Output = Vector::<10>;
    let _: <Behind as Network>::Output = Vector::<5>;
}
