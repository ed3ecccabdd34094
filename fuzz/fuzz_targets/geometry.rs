//! Any numbers as a layer, or as those that the blocked engine may run as one (a
//! convolution, a depthwise and a pointwise one; a convolution and a pool): refused, or
//! computed to the bit of the naive engine, on whole numbers and on every instruction set.
#![no_main]

use libfuzzer_sys::fuzz_target;
use typenet::blocked::{Options, Plan};
use typenet::graph::Graph;
use typenet::isa::Isa;
use typenet::naive;
use typenet::spec::{
    Activation, Axis, Conv2d, Dims, Node, Op, Padding, Pool, Spec, Window, local_twin,
};

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
                self.cascade(Conv2d { inputs, outputs, window, groups, bias })
            }
        };
        layers.into_iter().map(Spec::Op).collect()
    }

    /// The convolution alone, or with a pool.
    fn pooled(&mut self, conv: Conv2d) -> Vec<Op> {
        let window = match self.below(3) {
            0 => return vec![Op::Conv2d(conv)],
            1 => Window::square(Axis::new(2, 2, 0)),
            _ => Window { h: self.axis(), w: self.axis() },
        };
        let pool = Op::MaxPool2d(Pool { window, include_pad: false });
        let functions = [Activation::Relu, Activation::Relu6];
        let between = functions.get(self.below(3)).map(|function| Op::Activation(*function));
        [Some(Op::Conv2d(conv)), between, Some(pool)].into_iter().flatten().collect()
    }

    /// A convolution as [`pooled`](Self::pooled) has it; or its window over each channel
    /// that another one gives, and perhaps a pointwise one behind that.
    fn cascade(&mut self, conv: Conv2d) -> Vec<Op> {
        let between = match self.below(4) {
            0 => return self.pooled(conv),
            1 => None,
            2 => Some(Op::Activation(Activation::Relu)),
            _ => Some(Op::Activation(Activation::Relu6)),
        };
        let (channels, bias) = (self.size(240), self.below(2) == 0);
        let outputs = channels.saturating_mul(1 + self.below(8) / 7);
        let depthwise = Conv2d { inputs: channels, outputs, groups: channels, ..conv };
        let point = Window::square(Axis::new(1, 1, 0));
        let behind = Conv2d { inputs: outputs, window: point, groups: 1, bias, ..conv };
        let behind = [None, Some(Op::Conv2d(behind))][self.below(2)];
        let window = match self.below(3) {
            0 => point,
            _ => Window { h: self.axis(), w: self.axis() },
        };
        let first = Conv2d { outputs: channels, window, groups: 1, bias, ..conv };
        let [first, depthwise] = [first, depthwise].map(|conv| Some(Op::Conv2d(conv)));
        [first, between, depthwise, between, behind].into_iter().flatten().collect()
    }
}

/// What no sum of a run can pass where inputs, weights and biases are whole numbers up to
/// `span`: from 2²⁴ on they would be rounded.
fn largest_sum(layers: &[Spec<'_>], span: usize) -> usize {
    layers.iter().fold(span, |largest, layer| match layer {
        Spec::Op(Op::Conv2d(conv)) => {
            largest.saturating_mul(span).saturating_mul(conv.terms()).saturating_add(span)
        }
        Spec::Op(Op::Activation(Activation::Relu6)) => largest.min(6),
        _ => largest,
    })
}

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes.iter());
    let input = Dims::image(bytes.size(41), bytes.size(24), bytes.size(24));
    let layers = bytes.layers();
    let nodes: Vec<Node<'_>> = ["0", "1", "2", "3", "4"]
        .iter()
        .zip(&layers)
        .map(|(name, layer)| Node::new(name, layer))
        .collect();
    let spec = Spec::Chain(&nodes);
    let Ok(graph) = Graph::new(&spec, input) else { return };
    let len = |dims: Dims| dims.elements().unwrap_or(usize::MAX);
    let largest = graph.params().iter().map(|param| param.len()).max().unwrap_or(0);
    let most = graph.nodes().iter().map(|node| len(node.dims)).fold(len(input), usize::max);
    // (From 114,688 numbers on a pointwise convolution reads them in shares. A locally
    // connected twin has a weight for each multiply-add.)
    if most > 130_000 || largest > 1_000_000 || local_twin(&spec, input) > 10_000_000 {
        return;
    }
    let span = if layers.len() == 1 { 8 } else { 1 };
    if largest_sum(&layers, usize::from(span)) > 1 << 24 {
        return;
    }
    let mut seed = 1_u32;
    let mut values = |len: usize| -> Vec<f32> {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from((seed >> 24) as u8 % (2 * span + 1)) - f32::from(span)
        };
        (0..len).map(|_| next()).collect()
    };
    let params: Vec<Vec<f32>> = graph.params().iter().map(|param| values(param.len())).collect();
    let input = values(len(input));
    let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
    let want = naive::run(&graph, &params, &input, |_, _, _| {}).unwrap();
    let threads = Some(1 + bytes.below(4) / 2);
    for isa in Isa::available() {
        let (isa, winograd, parallel_macs) = (Some(isa), false, 0);
        let options = Options { isa, threads, parallel_macs, winograd, ..Options::default() };
        let got = Plan::new(&graph, &params, &options).unwrap().run(&input);
        assert_eq!(got, want, "{layers:?} with {options:?}");
    }
});
