//! Functions of one number and of a pixel's channels, operators that make images
//! larger, and products of branches.

use typenet::spec::{
    Activation, BatchNorm1d, BatchNorm2d, Conv2d, ConvTranspose2d, Dims, Join, Linear,
    LocalResponseNorm, LpPool, Op, Pad2d, Resize, Spec, Spread, Upsample, Window,
};

use super::{CHANNELS, EMPTY, RELU, Table, axis, branch, ceil, chain, conv, linear, same, square};

/// Every function of one number, with numbers of each kind.
pub const FUNCTIONS: [Activation; 18] = [
    Activation::Relu,
    Activation::Relu6,
    Activation::LeakyRelu { slope: 0.01 },
    Activation::LeakyRelu { slope: -2.5 },
    Activation::Elu { alpha: 1.0 },
    Activation::Elu { alpha: -0.3 },
    Activation::Sigmoid,
    Activation::Tanh,
    Activation::Silu,
    Activation::HARD_SIGMOID,
    Activation::HardSigmoid { alpha: -0.7, beta: 0.1 },
    Activation::HardSwish,
    Activation::Clip { min: -1.0, max: 0.5 },
    Activation::Clip { min: 0.5, max: -0.25 },
    Activation::Clip { min: f64::NEG_INFINITY, max: f64::INFINITY },
    Activation::Clip { min: 1.0, max: f64::INFINITY },
    Activation::Gelu,
    Activation::GeluTanh,
];

pub(super) fn functions(table: &mut Table) {
    for function in FUNCTIONS {
        let spec = Spec::Op(Op::Activation(function));
        let why = format!("{function:?}");
        for n in [1, 7, 16, 33] {
            table.add(&why, Dims::vector(n), spec);
        }
        table.add(&why, Dims::image(9, 2, 3), spec);
        let behind = vec![conv(3, 5, square(3, 1, 1, 1), 1), spec];
        table.add(&why, Dims::image(3, 2, 4), chain(behind));
    }
    for n in CHANNELS {
        let norm = BatchNorm2d { channels: n, eps: 1e-3 };
        table.add("channels", Dims::image(n, 2, 3), Spec::Op(Op::BatchNorm2d(norm)));
        let norm = Spec::Op(Op::BatchNorm1d(BatchNorm1d { features: n, eps: 1e-5 }));
        table.add("features", Dims::vector(n), norm);
        table.add("behind a linear", Dims::vector(4), chain(vec![linear(4, n), norm]));
        for weights in [1, n] {
            table.add("channels", Dims::image(n, 3, 2), Spec::Op(Op::PRelu { weights }));
            table.add("features", Dims::vector(n), Spec::Op(Op::PRelu { weights }));
        }
        table.add("channels", Dims::image(n, 2, 3), Spec::Op(Op::LogSoftmax));
        table.add("features", Dims::vector(n), Spec::Op(Op::LogSoftmax));
    }
    table.add("nothing to do", Dims::image(2, 3, 4), Spec::Op(Op::Dropout { p: 0.5 }));
    norms(table);
}

/// Batch normalisation behind layers that it may be folded into.
fn norms(table: &mut Table) {
    let norm = |channels| Spec::Op(Op::BatchNorm2d(BatchNorm2d { channels, eps: 1e-5 }));
    let three = square(3, 1, 1, 1);
    for c in [1, 8, 17, 32] {
        let input = Dims::image(c, 3, 4);
        table.add("folded", input, chain(vec![conv(c, 9, three, 1), norm(9), RELU]));
        table.add("folded, depthwise", input, chain(vec![conv(c, c, three, c), norm(c), RELU]));
        let bare = Conv2d { inputs: c, outputs: c, window: three, groups: 1, bias: false };
        let bare = Spec::Op(Op::Conv2d(bare));
        let block = branch(Join::Add, vec![chain(vec![bare, norm(c)]), EMPTY]);
        table.add("residual block, folded", input, chain(vec![block, RELU]));
        // The convolution's own result is wanted too.
        let both = branch(Join::Concat, vec![norm(c), EMPTY]);
        table.add("two readers", input, chain(vec![bare, both]));
        table.add("in front", input, chain(vec![norm(c), RELU, bare]));
        table.add("twice", input, chain(vec![bare, norm(c), norm(c)]));
        let norm = Spec::Op(Op::BatchNorm1d(BatchNorm1d { features: c, eps: 1e-3 }));
        let bare = Spec::Op(Op::Linear(Linear { inputs: 12, outputs: c, bias: false }));
        let vector = Dims::vector(12);
        table.add("folded, no bias", vector, chain(vec![bare, norm, RELU, linear(c, 3)]));
        let sum = branch(Join::Add, vec![chain(vec![linear(12, c), norm]), linear(12, c)]);
        table.add("residual, folded", vector, chain(vec![sum, RELU]));
        let both = branch(Join::Heads, vec![norm, EMPTY]);
        table.add("two readers", vector, chain(vec![bare, both]));
    }
}

/// Kernel, stride, dilation, pixels cut off before and after, pixels put on.
const fn spread([kernel, stride, dilation, before, after, extra]: [usize; 6]) -> Spread {
    Spread { kernel, stride, dilation, before, after, extra }
}

fn transposed(channels: [usize; 2], h: [usize; 6], w: [usize; 6], groups: usize) -> Spec<'static> {
    let ([inputs, outputs], h, w) = (channels, spread(h), spread(w));
    Spec::Op(Op::ConvTranspose2d(ConvTranspose2d { inputs, outputs, h, w, groups, bias: true }))
}

pub(super) fn images(table: &mut Table) {
    let resizes = [
        Resize::Nearest,
        Resize::Bilinear { align_corners: false },
        Resize::Bilinear { align_corners: true },
    ];
    for (c, h, w) in [(1, 1, 1), (3, 1, 5), (2, 4, 3), (17, 2, 2), (4, 5, 6)] {
        let input = Dims::image(c, h, w);
        for resize in resizes {
            for (rows, columns) in [(1, 1), (2, 2), (3, 2), (1, 4)] {
                let upsample = Op::Upsample(Upsample { rows, columns, resize });
                table.add(&format!("{upsample:?}"), input, Spec::Op(upsample));
            }
        }
        for (top, bottom, left, right) in [(0, 0, 0, 0), (1, 2, 3, 4), (0, 5, 0, 0), (0, 0, 2, 0)] {
            let pad = Op::Pad2d(Pad2d { top, bottom, left, right, value: -0.5 });
            table.add(&format!("{pad:?}"), input, Spec::Op(pad));
        }
        table.add(
            "all but square",
            input,
            transposed([c, 3], [2, 3, 1, 0, 1, 2], [3, 2, 2, 1, 0, 0], 1),
        );
        table.add(
            "twice the size",
            input,
            transposed([c, 5], [2, 2, 1, 0, 0, 0], [2, 2, 1, 0, 0, 0], 1),
        );
        table.add(
            "PyTorch's",
            input,
            transposed([c, 4], [3, 2, 1, 1, 1, 1], [3, 2, 1, 1, 1, 1], 1),
        );
        table.add(
            "channel by channel",
            input,
            transposed([c, 2 * c], [3, 3, 3, 3, 3, 2], [4, 3, 1, 1, 2, 1], c),
        );
        table.add("stride 1", input, transposed([c, 2], [3, 1, 1, 1, 1, 0], [3, 1, 1, 1, 1, 0], 1));
        for size in [1, 2, 5, 40] {
            let norm = LocalResponseNorm { size, alpha: 0.3, beta: 0.75, k: 2.0 };
            table.add("channels", input, Spec::Op(Op::LocalResponseNorm(norm)));
        }
        table.add("channels", input, Spec::Op(Op::GlobalMaxPool2d));
        for norm in 1..=4 {
            let h = ceil(axis(2, 2, 1, 1));
            let window = Window { h, w: same(3, 2, 1, false) };
            table.add("padded", input, Spec::Op(Op::LpPool2d(LpPool { window, norm })));
        }
    }
    for (c, factor) in [(1, 1), (4, 2), (18, 3), (12, 2)] {
        let shuffle = Spec::Op(Op::PixelShuffle { factor });
        table.add("channels", Dims::image(c, 2, 3), shuffle);
    }
    let groups = transposed([6, 4], [3, 2, 1, 1, 1, 1], [3, 2, 1, 1, 1, 1], 2);
    table.add("groups", Dims::image(6, 3, 4), groups);
    let Spec::Op(Op::ConvTranspose2d(conv)) = groups else { unreachable!("an operator") };
    let plain = Op::ConvTranspose2d(ConvTranspose2d { bias: false, ..conv });
    table.add("no bias", Dims::image(6, 3, 4), Spec::Op(plain));
}

pub(super) fn scales(table: &mut Table) {
    let pointwise = |c| conv(c, c, square(1, 1, 0, 1), 1);
    for c in [1, 3, 8, 17] {
        let input = Dims::image(c, 3, 4);
        let sigmoid = Spec::Op(Op::Activation(Activation::Sigmoid));
        let pooled = Spec::Op(Op::GlobalAvgPool2d);
        let squeezed = chain(vec![pooled, linear(c, 2), RELU, linear(2, c), sigmoid]);
        table.add("squeeze and excitation", input, branch(Join::Mul, vec![EMPTY, squeezed]));
        let whole = Window { h: axis(3, 1, 0, 1), w: axis(4, 1, 0, 1) };
        let image = chain(vec![conv(c, c, whole, 1), sigmoid]);
        table.add("one pixel", input, branch(Join::Mul, vec![EMPTY, image]));
        let row = Window { h: axis(3, 1, 0, 1), w: axis(1, 1, 0, 1) };
        table.add("one row", input, branch(Join::Mul, vec![EMPTY, conv(c, c, row, c)]));
        table.add("each pixel", input, branch(Join::Mul, vec![pointwise(c), pointwise(c)]));
        table.add("squares", input, branch(Join::Mul, vec![EMPTY, EMPTY]));
        table.add("vectors", Dims::vector(c), branch(Join::Mul, vec![EMPTY, linear(c, c)]));
    }
}

/// For values that are not numbers.
pub(super) fn special(table: &mut Table) {
    let input = Dims::image(2, 2, 2);
    for align_corners in [false, true] {
        let resize = Resize::Bilinear { align_corners };
        // (Of more pixels, whether the largest overflow hangs on the order.)
        let upsample = Upsample { rows: 2, columns: 1, resize };
        table.add("special", Dims::image(1, 2, 1), Spec::Op(Op::Upsample(upsample)));
    }
    let upsample = Upsample { rows: 2, columns: 3, resize: Resize::Nearest };
    table.add("special", input, Spec::Op(Op::Upsample(upsample)));
    let pad = Pad2d { top: 1, bottom: 0, left: 0, right: 1, value: f64::NAN };
    table.add("special", input, Spec::Op(Op::Pad2d(pad)));
    table.add("special", Dims::image(4, 1, 2), Spec::Op(Op::PixelShuffle { factor: 2 }));
    table.add("special", input, Spec::Op(Op::GlobalMaxPool2d));
    table.add("special", input, transposed([2, 1], [2, 2, 1, 0, 0, 0], [3, 2, 1, 1, 1, 1], 1));
    let pooled = Spec::Op(Op::GlobalMaxPool2d);
    table.add("special", input, branch(Join::Mul, vec![EMPTY, pooled]));
}
