//! What runs survive, and what they leave behind.
//!
//! | module | what it shows |
//! |---|---|
//! | `threads` | many at once, none to be had, one inside another, a layer that panics |
//! | `stack` | 2 MiB and 64 KiB are enough |
//! | `processor` | subnormal numbers, the floating-point mode |
//! | `guard` | forbidden pages right before and behind what kernels may touch |

#![cfg(feature = "threads")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::float_cmp,
    unreachable_pub,
    missing_docs,
    reason = "these are tests"
)]

mod support;

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[path = "survival/guard.rs"]
mod guard;
#[path = "survival/processor.rs"]
mod processor;
#[path = "survival/stack.rs"]
mod stack;
#[path = "survival/threads.rs"]
mod threads;

/// What the modules share: a network with a bit of everything, and what it gives.
mod net {
    use crate::support::cases::{self, branch, chain, conv, linear, square};
    use crate::support::data::{Data, Random};
    use typenet::blocked::{Options, Plan};
    use typenet::graph::Graph;
    use typenet::spec::{Dims, Join, Op, Pool, Spec};

    /// A graph with numbers.
    pub struct Net {
        pub graph: Graph,
        pub params: Vec<Vec<f32>>,
        pub input: Vec<f32>,
    }

    impl Net {
        pub fn new(spec: &Spec<'static>, input: Dims) -> Self {
            let graph = Graph::new(spec, input).unwrap();
            let mut random = Random::named("survival");
            let mut values = |len: usize| -> Vec<f32> {
                random.values(Data::Real, len).into_iter().map(|x| x as f32).collect()
            };
            let input = values(graph.input().elements().unwrap());
            let mut params: Vec<Vec<f32>> =
                graph.params().iter().map(|param| values(param.len())).collect();
            for (param, values) in graph.params().iter().zip(&mut params) {
                // No training measures a negative variance.
                if param.name.ends_with("running_var") {
                    for x in values {
                        *x = x.abs() + 0.5;
                    }
                }
            }
            Self { graph, params, input }
        }

        pub fn plan(&self, options: &Options) -> Plan {
            let params: Vec<&[f32]> = self.params.iter().map(Vec::as_slice).collect();
            Plan::new(&self.graph, &params, options).unwrap()
        }
    }

    /// Convolutions of every kernel, a sum, pools, a classifier.
    pub fn small() -> Net {
        let pool = Pool { window: square(3, 2, 1, 1), include_pad: false };
        let body = chain(vec![conv(20, 20, square(3, 1, 1, 1), 1), cases::RELU]);
        let spec = chain(vec![
            conv(3, 20, square(5, 2, 2, 1), 1),
            Spec::Op(Op::MaxPool2d(pool)),
            branch(Join::Add, vec![body, chain(vec![])]),
            conv(20, 20, square(3, 1, 1, 1), 20),
            conv(20, 37, square(1, 1, 0, 1), 1),
            Spec::Op(Op::GlobalAvgPool2d),
            linear(37, 19),
            Spec::Op(Op::Softmax),
        ]);
        Net::new(&spec, Dims::image(3, 29, 31))
    }

    /// So many threads, however small the work.
    pub fn threads(threads: usize) -> Options {
        Options { threads: Some(threads), parallel_macs: 0, ..Options::default() }
    }

    /// Whether the long form was asked for: `TYPENET_LONG=1`.
    pub fn long() -> bool {
        std::env::var_os("TYPENET_LONG").is_some()
    }
}
