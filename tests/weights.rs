//! Weights: random, given, saved, loaded, and everything a file can do wrong.
//!
//! Files are put together by hand (`support::file`), so that what is checked is
//! the format and not that reader and writer agree in their mistakes.

#![cfg(all(feature = "std", feature = "safetensors"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

#[path = "weights/compiled.rs"]
mod compiled;
#[path = "weights/format.rs"]
mod format;
#[path = "support/measure.rs"]
mod measure;
#[path = "weights/memory.rs"]
mod memory;
#[path = "weights/named.rs"]
mod named;
#[path = "weights/options.rs"]
mod options;
#[path = "weights/paths.rs"]
mod paths;
#[cfg(feature = "pth")]
#[path = "weights/pickle.rs"]
mod pickle;
#[cfg(feature = "pth")]
#[path = "weights/pth.rs"]
mod pth;
#[path = "weights/real.rs"]
mod real;
#[path = "weights/small.rs"]
mod small;
#[path = "weights/start.rs"]
mod start;
#[path = "weights/strict.rs"]
mod strict;
#[path = "weights/suggest.rs"]
mod suggest;

/// What the tests share: a small network, and files for it.
mod support {
    use typenet::graph::Graph;
    use typenet::spec::{Dims, Linear, Node, Op, Spec};

    pub(crate) use super::small::graph;

    /// One linear layer.
    pub(crate) fn linear(name: &str, inputs: usize, outputs: usize) -> Graph {
        let fc = Spec::Op(Op::Linear(Linear { inputs, outputs, bias: false }));
        Graph::new(&Spec::Chain(&[Node::new(name, &fc)]), Dims::vector(inputs)).unwrap()
    }

    /// A file of this header and data.
    pub(crate) fn file(header: &[u8], data: &[u8]) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes(), header, data].concat()
    }

    /// A tensor for [`file_of`]: name as JSON, type, shape, bytes.
    pub(crate) type Part<'a> = (&'a str, &'a str, &'a [usize], &'a [u8]);

    /// A file of these tensors, one after the other.
    pub(crate) fn file_of(parts: &[Part<'_>]) -> Vec<u8> {
        let (mut header, mut data) = (Vec::new(), Vec::new());
        for (name, dtype, shape, bytes) in parts {
            let (begin, end) = (data.len(), data.len() + bytes.len());
            header.push(format!(
                r#"{name:?}:{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{begin},{end}]}}"#
            ));
            data.extend_from_slice(bytes);
        }
        file(format!("{{{}}}", header.join(",")).as_bytes(), &data)
    }

    /// The bytes of `n` numbers 0, ½, 1, …
    pub(crate) fn halves(n: u8) -> Vec<u8> {
        (0..n).flat_map(|i| (f32::from(i) / 2.0).to_le_bytes()).collect()
    }

    /// The tensors of a sound file for [`graph`], of `bytes` from [`halves`].
    pub(crate) fn parts(bytes: &[u8]) -> [Part<'_>; 4] {
        let (conv, rest) = bytes.split_at(18 * 4);
        let (conv_bias, rest) = rest.split_at(2 * 4);
        let (fc, fc_bias) = rest.split_at(24 * 4);
        [
            ("conv1.weight", "F32", &[2, 1, 3, 3], conv),
            ("conv1.bias", "F32", &[2], conv_bias),
            ("fc.weight", "F32", &[3, 8], fc),
            ("fc.bias", "F32", &[3], fc_bias),
        ]
    }
}
