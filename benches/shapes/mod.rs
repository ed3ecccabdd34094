//! What the benchmarks measure: named convolutions, each there for a reason,
//! and LeNet-5. All benches share this table, so that their rows compare.

use typenet::prelude::*;
use typenet::spec::{self, Axis, Dims, Op, Spec, Window};

/// A convolution of the table.
pub(crate) struct Shape {
    /// What it is called in reports.
    pub(crate) name: &'static str,
    conv: spec::Conv2d,
    input: Dims,
}

/// The table. The numbers: channels in and out, kernel, stride, padding, groups,
/// height and width of the input.
#[rustfmt::skip]
pub(crate) const CONVS: [Shape; 5] = [
    // All of it fits into the nearest cache: a call's own cost shows.
    square("lenet_conv2",   6,  16, 5, 1, 0,   1, 14),
    // Most of the work of VGG and ResNet.
    square("3x3",          64,  64, 3, 1, 1,   1, 56),
    // As many multiply-adds, but neighbouring outputs share less input.
    square("3x3_stride2", 128, 128, 3, 2, 1,   1, 56),
    // No window at all, a matrix product: bottlenecks, MobileNet's other half.
    square("1x1",          64, 256, 1, 1, 0,   1, 56),
    // Nine multiply-adds for each value read: memory and loops, not arithmetic.
    square("depthwise",   144, 144, 3, 1, 1, 144, 56),
];

#[expect(clippy::too_many_arguments, reason = "a row of a table")]
const fn square(
    name: &'static str,
    inputs: usize,
    outputs: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    groups: usize,
    size: usize,
) -> Shape {
    let window = Window::square(Axis::new(kernel, stride, padding));
    let conv = spec::Conv2d { inputs, outputs, window, groups, bias: true };
    Shape { name, conv, input: Dims::image(inputs, size, size) }
}

impl Shape {
    /// Multiply-adds of one run.
    pub(crate) fn macs(&self) -> u64 {
        spec::macs(&self.spec(), self.input)
    }

    /// The convolution with random weights.
    pub(crate) fn model<T: Element>(&self) -> AnyModel<T> {
        let model = AnyModel::random(&self.spec(), self.input, 1);
        model.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The shape and the values of an input.
    pub(crate) fn input<T: Element>(&self) -> (Dims, Vec<T>) {
        let len = self.input.elements().unwrap_or(0);
        (self.input, (0..len).map(value).collect())
    }

    fn spec(&self) -> Spec<'static> {
        Spec::Op(Op::Conv2d(self.conv))
    }
}

/// Something between −0.5 and 0.5 that does not repeat soon; never a denormal.
pub(crate) fn value<T: Element>(i: usize) -> T {
    T::from_double((i * 37 % 101) as f64 / 100.0 - 0.5)
}

network! {
    /// LeNet-5 on 28×28 grey images: a whole network, and a small one.
    pub(crate) struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d<1, 6, K = 5, P = 2>,
        relu1: Relu,
        pool1: MaxPool2d<K = 2, S = 2>,
        conv2: Conv2d<6, 16, K = 5>,
        relu2: Relu,
        pool2: MaxPool2d<K = 2, S = 2>,
        flatten: Flatten,
        fc1: Linear<400, 120>,
        relu3: Relu,
        fc2: Linear<_, 84>,
        relu4: Relu,
        fc3: Linear<84, 10>,
    }
}
