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
    fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    /// Likewise; but one byte in 16 is a number that nothing has room for.
    fn size(&mut self, bound: usize) -> usize {
        match self.byte() {
            byte @ 240.. => usize::MAX >> (byte - 240),
            byte => usize::from(byte) % bound,
        }
    }

    fn axis(&mut self) -> Axis {
        let padding = match self.below(4) {
            0 => Padding::Same,
            1 => Padding::SameLower,
            _ => Padding::Explicit { before: self.size(9), after: self.size(9) },
        };
        let (kernel, stride, dilation) = (self.size(9), self.size(6), self.size(5));
        Axis { kernel, stride, dilation, padding, ceil: false }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes.iter());
    let input = Dims::image(bytes.size(41), bytes.size(24), bytes.size(24));
    let window = Window { h: bytes.axis(), w: bytes.axis() };
    let op = match bytes.below(4) {
        0 => match bytes.below(3) {
            0 => Op::MaxPool2d(Pool { window, include_pad: false }),
            padded => Op::AvgPool2d(Pool { window, include_pad: padded == 1 }),
        },
        _ => {
            let (inputs, outputs) = (bytes.size(41), bytes.size(41));
            let groups = [1, 1, inputs, 2, 3][bytes.below(5)];
            Op::Conv2d(Conv2d { inputs, outputs, window, groups, bias: bytes.below(2) == 0 })
        }
    };
    let Ok(graph) = Graph::new(&Spec::Op(op), input) else { return };
    let len = |dims: Dims| dims.elements().unwrap_or(usize::MAX);
    let largest = graph.params().iter().map(|param| param.len()).max().unwrap_or(0);
    if len(graph.output_dims()) > 40_000 || len(input) > 40_000 || largest > 1_000_000 {
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
