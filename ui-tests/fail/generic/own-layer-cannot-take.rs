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

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

fn main() {
    behind::<Own>();
}
