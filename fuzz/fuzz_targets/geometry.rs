//! Any numbers as a layer, or as a pointwise convolution with a depthwise one behind it,
//! which the blocked engine may run as one: refused, or computed to the bit of the naive
//! engine, on whole numbers and on every instruction set.
#![no_main]

use libfuzzer_sys::fuzz_target;
use typenet::blocked::{Options, Plan};
use typenet::graph::Graph;
use typenet::isa::Isa;
use typenet::naive;
use typenet::spec::{Activation, Axis, Conv2d, Dims, Node, Op, Padding, Pool, Spec, Window};

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

    fn layers(&mut self) -> Vec<Spec<'static>> {
        let window = Window { h: self.axis(), w: self.axis() };
        let layers = match self.below(4) {
            0 => match self.below(3) {
                0 => vec![Op::MaxPool2d(Pool { window, include_pad: false })],
                padded => vec![Op::AvgPool2d(Pool { window, include_pad: padded == 1 })],
            },
            _ => {
                let (inputs, outputs) = (self.size(41), self.size(41));
                let groups = [1, 1, inputs, 2, 3][self.below(5)];
                let bias = self.below(2) == 0;
                self.pair(Conv2d { inputs, outputs, window, groups, bias })
            }
        };
        layers.into_iter().map(Spec::Op).collect()
    }

    /// The convolution alone, or its window over each channel that a pointwise one gives.
    fn pair(&mut self, conv: Conv2d) -> Vec<Op> {
        let middle = match self.below(4) {
            0 => return vec![Op::Conv2d(conv)],
            1 => None,
            2 => Some(Activation::Relu),
            _ => Some(Activation::Relu6),
        };
        let channels = self.size(200);
        let window = Window::square(Axis::new(1, 1, 0));
        let bias = self.below(2) == 0;
        let expand = Conv2d { outputs: channels, window, groups: 1, bias, ..conv };
        let outputs = channels.saturating_mul(1 + self.below(8) / 7);
        let depthwise = Conv2d { inputs: channels, outputs, groups: channels, ..conv };
        let convs = [expand, depthwise].map(Op::Conv2d);
        let mut layers = convs.to_vec();
        layers.splice(1..1, middle.map(Op::Activation));
        layers
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes.iter());
    let input = Dims::image(bytes.size(41), bytes.size(24), bytes.size(24));
    let layers = bytes.layers();
    let nodes: Vec<Node<'_>> =
        ["0", "1", "2"].iter().zip(&layers).map(|(name, layer)| Node::new(name, layer)).collect();
    let Ok(graph) = Graph::new(&Spec::Chain(&nodes), input) else { return };
    let len = |dims: Dims| dims.elements().unwrap_or(usize::MAX);
    let largest = graph.params().iter().map(|param| param.len()).max().unwrap_or(0);
    let most = graph.nodes().iter().map(|node| len(node.dims)).fold(len(input), usize::max);
    if most > 40_000 || largest > 1_000_000 {
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
        assert_eq!(got, want, "{layers:?} on {isa}");
    }
});
