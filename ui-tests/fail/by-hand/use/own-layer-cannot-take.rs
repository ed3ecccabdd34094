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

type Net = (Conv2d<1, 4, 3, 1, 1>, Own);

fn main() {
    let _: Option<<Net as Layer<Chw<1, 8, 8>>>::Out> = None;
}
