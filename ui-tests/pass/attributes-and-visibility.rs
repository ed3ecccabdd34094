//! Attributes, docs and visibility stay as they were written.

mod inner {
    use typenet::prelude::*;

    network! {
        /// A network.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[allow(non_snake_case)]
        #[must_use]
        pub(super) struct Visible: [1, 8, 8] -> [1, 6, 6] {
            /// A layer.
            #[name = "features.0"]
            conv: Conv2d<1, 1, K = 3>,
            Upper: Relu,
            r#type: Identity,
            größe: Identity,
        }
    }

    #[cfg(any())]
    network! {
        pub struct NotThere: [1, 8, 8] {
            wrong_but_gone: Linear<1, 1>,
        }
    }

    network! { struct Private: [8] -> [8] { only: Relu } }

    pub fn private() -> u64 {
        Private::PARAMS
    }
}

use inner::Visible;
use typenet::Network;

fn main() {
    fn is_copy_and_debug<T: Copy + std::fmt::Debug>() {}
    is_copy_and_debug::<Visible>();
    let _: fn(Visible) -> typenet::Identity = |net| net.größe;
    let net = Visible::random(1);
    assert!(net.parameter("features.0.weight").is_some());
    assert_eq!(net.as_any().graph().nodes()[2].name, "type");
    assert_eq!(inner::private(), 0);
}
