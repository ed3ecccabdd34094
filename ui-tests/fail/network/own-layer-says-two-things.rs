//! A layer of one's own that keeps the shape, says `SHAPE`, and that halves it, says `Layer`.

use typenet::prelude::*;

use typenet::spec::Call;

struct Own;

impl CustomLayer for Own {
    const NAME: &'static str = "Own";

    fn run<T: Element>(call: Call<'_, T>) {
        call.output.copy_from_slice(call.input);
    }
}

impl Layer<Vector<8>> for Own {
    type Out = Vector<4>;
}

network! {
    struct Net: [8] -> [8] {
        own: Own,
    }
}

fn main() {}
