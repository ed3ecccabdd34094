//! A layer of one's own that takes vectors only.

use typenet::prelude::*;

use typenet::spec::Call;

struct Own;

impl CustomLayer for Own {
    const NAME: &'static str = "Own";

    fn run<T: Element>(call: Call<'_, T>) {
        call.output.copy_from_slice(call.input);
    }
}

impl<const N: usize> Layer<Vector<N>> for Own {
    type Out = Vector<N>;
}

const FILTERS: usize = 4;

network! {
    struct Net: [1, 8, 8] -> [4, 8, 8] {
        conv: Conv2d<1, FILTERS, K = 3, P = 1>,
        own: Own,
    }
}

fn main() {}
