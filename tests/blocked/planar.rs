//! Values in planes: convolutions and pools with lanes along the pixels of a row.

use super::*;

/// The case, with all layers in planes that can be; at least one is.
fn check(name: &str, spec: &Spec<'static>, input: Dims) {
    let case = Case::integers(name, spec, input, 4);
    for isa in Isa::available() {
        let force = Some(ConvKernel::Planar);
        let plan = case.plan(&Options { isa: Some(isa), force, ..Options::default() });
        assert!(plan.to_string().contains("planar"), "{plan}");
    }
    case.check_exact(Some(ConvKernel::Planar));
}

#[test]
fn planar_convolutions_of_every_width() {
    for w in 1..=35 {
        for (h, outputs) in [(1, 1), (2, 5), (5, 6), (17, 8)] {
            let image = Dims::image(2, h, w);
            check(&format!("{w} wide"), &one("c", conv(2, outputs, 3, 1, 1)), image);
        }
    }
}

#[test]
fn planar_convolutions_of_every_kind() {
    let across = [axis(3, 1, (1, 1), 1), axis(5, 1, (4, 0), 1), axis(3, 1, (0, 3), 2)];
    let down = [axis(3, 2, (1, 1), 1), axis(2, 1, (0, 2), 3), axis(1, 3, (0, 0), 1)];
    for w in across {
        for h in down {
            for outputs in [2, 7, 10] {
                check("kinds", &one("c", odd(3, outputs, 1, h, w)), Dims::image(3, 8, 19));
            }
        }
    }
}

/// A convolution, then something that reads planes, then another convolution.
fn before_a_convolution(between: Spec<'static>) -> Spec<'static> {
    chain(vec![
        ("conv1", conv(1, 3, 3, 1, 0)),
        ("between", between),
        ("conv2", conv(3, 20, 2, 1, 1)),
        ("relu", relu()),
        ("conv3", conv(20, 9, 1, 1, 0)),
    ])
}

#[test]
fn planar_pools() {
    let mean = |k, s| {
        let window = Window::square(Axis::new(k, s, 0));
        op(Op::AvgPool2d(Pool { window, include_pad: true }))
    };
    for w in [6, 7, 18, 34, 35, 36] {
        for between in [max_pool(2, 2, 0), max_pool(3, 2, 0), max_pool(2, 1, 0), mean(2, 2)] {
            check("pool", &before_a_convolution(between), Dims::image(1, 9, w));
        }
    }
    let dilated = Window { h: axis(2, 3, (0, 0), 2), w: axis(2, 2, (0, 0), 3) };
    let dilated = op(Op::MaxPool2d(Pool { window: dilated, include_pad: true }));
    check("dilated", &before_a_convolution(dilated), Dims::image(1, 9, 40));
}

#[test]
fn who_cannot_read_planes_gets_blocks() {
    let padded = before_a_convolution(max_pool(3, 2, 1));
    let sum = branch(Join::Add, vec![conv(1, 3, 3, 1, 1), conv(1, 3, 1, 1, 0)]);
    let joined = branch(Join::Concat, vec![conv(1, 3, 3, 1, 1), conv(1, 2, 1, 1, 0)]);
    let shared = chain(vec![
        ("conv", conv(1, 3, 3, 1, 1)),
        ("add", branch(Join::Add, vec![conv(3, 3, 1, 1, 0), chain(vec![])])),
    ]);
    for spec in [padded, one("sum", sum), one("joined", joined), shared] {
        Case::integers("blocks", &spec, Dims::image(1, 8, 30), 3)
            .check_exact(Some(ConvKernel::Planar));
    }
}

#[test]
fn planes_are_flattened_as_they_lie() {
    let flat = chain(vec![
        ("conv", conv(1, 3, 3, 1, 1)),
        ("pool", max_pool(2, 2, 0)),
        ("flatten", op(Op::Flatten)),
        ("fc", linear(3 * 4 * 15, 18)),
    ]);
    check("flatten", &flat, Dims::image(1, 8, 30));
}

#[test]
fn activations_on_planes() {
    use typenet::spec::Activation::{HardSwish, LeakyRelu, Relu6, Silu};
    for function in [Relu6, LeakyRelu { slope: 0.5 }, HardSwish, Silu] {
        let spec = chain(vec![("conv", conv(1, 3, 3, 1, 1)), ("f", op(Op::Activation(function)))]);
        let case = Case::reals("planar", &spec, Dims::image(1, 5, 27));
        for isa in Isa::available() {
            let [planes, blocks] = [ConvKernel::Planar, ConvKernel::Direct].map(|kernel| {
                let options = Options { isa: Some(isa), force: Some(kernel), ..Options::default() };
                case.plan(&options).run(&case.input)
            });
            for (a, b) in planes.iter().zip(&blocks) {
                assert!(
                    (a - b).abs() <= 1e-6,
                    "{function:?} on {isa}: {a} in planes, {b} in blocks"
                );
            }
        }
    }
}

#[test]
fn weights_that_are_not_finite_skip_the_padding() {
    let spec = one("c", conv(1, 2, 3, 1, 1));
    let mut case = Case::integers("infinite", &spec, Dims::image(1, 4, 20), 3);
    case.params[0][0] = f32::INFINITY;
    let want = case.want();
    for isa in Isa::available() {
        let force = Some(ConvKernel::Planar);
        let got = case.plan(&Options { isa: Some(isa), force, ..Options::default() });
        let got = got.run(&case.input);
        for (want, got) in want.iter().zip(got) {
            assert!(*want as f32 == got || want.is_nan() && got.is_nan(), "{want} {got}");
        }
    }
}

/// `LeNet`'s first layers lie in planes by themselves on wide vectors.
#[test]
fn a_first_layer_of_few_outputs_is_planar() {
    let spec = chain(vec![
        ("conv1", conv(1, 6, 5, 1, 2)),
        ("relu1", relu()),
        ("pool1", max_pool(2, 2, 0)),
        ("conv2", conv(6, 16, 5, 1, 0)),
    ]);
    let case = Case::integers("lenet", &spec, Dims::image(1, 28, 28), 2);
    case.check_exact(None);
    if Isa::Avx512.is_available() {
        let plan = case.plan(&Options { isa: Some(Isa::Avx512), ..Options::default() });
        assert_eq!(plan.to_string().matches("planar").count(), 2, "{plan}");
        assert!(plan.to_string().contains("largest of 2×2"), "{plan}");
    }
}

/// A pool of 2×2 pixels is made of the sums of the convolution before it.
#[test]
fn pools_of_sums() {
    for w in (16..=36).chain([63, 64, 65]) {
        for (h, outputs) in [(2, 1), (3, 2), (5, 3), (8, 6), (17, 8), (34, 7)] {
            for between in [chain(vec![]), relu()] {
                let spec = chain(vec![
                    ("conv", conv(2, outputs, 3, 1, 1)),
                    ("between", between),
                    ("pool", max_pool(2, 2, 0)),
                ]);
                let image = Dims::image(2, h, w);
                check(&format!("{w} wide, {h} high, {outputs} outputs"), &spec, image);
            }
        }
    }
}

/// An activation that is more than bounds comes between, and the pool is a step.
#[test]
fn pools_of_activations() {
    use typenet::spec::Activation::LeakyRelu;
    let spec = chain(vec![
        ("conv", conv(1, 3, 3, 1, 1)),
        ("f", op(Op::Activation(LeakyRelu { slope: -0.5 }))),
        ("pool", max_pool(2, 2, 0)),
    ]);
    let case = Case::integers("leaky", &spec, Dims::image(1, 8, 36), 3);
    for isa in Isa::available() {
        let [planes, blocks] = [ConvKernel::Planar, ConvKernel::Direct].map(|kernel| {
            let options = Options { isa: Some(isa), force: Some(kernel), ..Options::default() };
            case.plan(&options).run(&case.input)
        });
        assert_eq!(planes, blocks, "{isa}");
    }
}

/// What comes out for zeros of both signs and NaN depends on who is asked first.
#[test]
fn pools_of_sums_in_the_order_of_the_loops() {
    let spec = chain(vec![("conv", conv(1, 3, 1, 1, 0)), ("pool", max_pool(2, 2, 0))]);
    let mut case = Case::integers("order", &spec, Dims::image(1, 8, 36), 3);
    case.params[0].copy_from_slice(&[1.0, -1.0, 1.0]);
    case.params[1].fill(-0.0);
    let odd = [0.0, -0.0, f32::NAN, -1.0, 1.0, f32::NEG_INFINITY];
    for (i, x) in case.input.iter_mut().enumerate() {
        *x = odd[(i * 7 + i / 36 * 5 + i / 11) % odd.len()];
    }
    for isa in Isa::available() {
        let [fused, blocks] = [ConvKernel::Planar, ConvKernel::Direct].map(|kernel| {
            let options = Options { isa: Some(isa), force: Some(kernel), ..Options::default() };
            case.plan(&options).run(&case.input)
        });
        assert!(fused.iter().any(|x| x.is_nan()) && fused.contains(&0.0));
        for (a, b) in fused.iter().zip(&blocks) {
            let same = a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
            assert!(same, "{a} of sums, {b} in blocks on {isa}");
        }
    }
}
