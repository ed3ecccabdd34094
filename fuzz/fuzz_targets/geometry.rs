//! Any numbers as a layer: refused, or computed by the blocked engine to the bit of
//! the naive one, on whole numbers and on every instruction set.
#![no_main]

use libfuzzer_sys::fuzz_target;
use typenet::blocked::{Options, Plan};
use typenet::graph::Graph;
use typenet::isa::Isa;
use typenet::naive;
use typenet::spec::{Axis, Conv2d, Dims, Op, Padding, Pool, Spec, Window};

/// One number after the other, 0 at the end.
struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        let byte = self.0.next().copied().unwrap_or(0);
        // One byte in 16 is a size that nothing has room for.
        if byte >= 240 && bound > 8 {
            usize::MAX >> (byte - 240)
        } else {
            usize::from(byte) % bound
        }
    }

    fn axis(&mut self) -> Axis {
        let padding = match self.below(4) {
            0 => Padding::Same,
            1 => Padding::SameLower,
            _ => Padding::Explicit { before: self.below(9), after: self.below(9) },
        };
        let (kernel, stride, dilation) = (self.below(9), self.below(6), self.below(5));
        Axis { kernel, stride, dilation, padding, ceil: false }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes.iter());
    let input = Dims::image(bytes.below(41), bytes.below(24), bytes.below(24));
    let window = Window { h: bytes.axis(), w: bytes.axis() };
    let op = match bytes.below(4) {
        0 => Op::MaxPool2d(Pool { window, include_pad: false }),
        _ => {
            let (inputs, outputs) = (bytes.below(41), bytes.below(41));
            let groups = [1, 1, inputs, 2, 3][bytes.below(5)];
            Op::Conv2d(Conv2d { inputs, outputs, window, groups, bias: bytes.below(2) == 0 })
        }
    };
    let Ok(graph) = Graph::new(&Spec::Op(op), input) else { return };
    let len = |dims: Dims| dims.elements().unwrap_or(usize::MAX);
    if len(graph.output_dims()) > 40_000 || len(input) > 40_000 {
        return;
    }
    let mut seed = 1_u32;
    let mut values = |len: usize| -> Vec<f32> {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from((seed >> 24) as u8 % 17) - 8.0
        };
        (0..len).map(|_| next()).collect()
    };
    let params: Vec<Vec<f32>> = graph.params().iter().map(|param| values(param.len())).collect();
    let input = values(len(input));
    let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
    let want = naive::run(&graph, &params, &input, |_, _, _| {}).unwrap();
    for isa in Isa::available() {
        let options = Options { isa: Some(isa), winograd: false, ..Options::default() };
        let got = Plan::new(&graph, &params, &options).unwrap().run(&input);
        assert_eq!(got, want, "{op:?} on {isa}");
    }
});
