//! `verify`: engines that agree are said to, and a layer that is wrong is named.

use std::sync::atomic::{AtomicU32, Ordering};

use typenet::blocked::{ConvKernel, Options};
use typenet::explain::Verification;
use typenet::isa::Isa;
use typenet::prelude::*;
use typenet::spec::Call;

/// What goes in: no symmetry, no zeros.
fn wave(dims: [usize; 3]) -> f32 {
    let [c, y, x] = dims;
    ((7 * c + 3 * y + 5 * x) as f32).sin() + 0.01
}

network! {
    /// Branches, norms, sums and several outputs.
    struct Mixed: [3, 24, 24] -> { classes: [5], map: [2, 6, 6] } {
        stem: Conv2d<3, 16, K = 3, S = 2, P = 1, BIAS = false>,
        bn: BatchNorm2d<_>,
        relu: Relu,
        block: Residual {
            conv1: Conv2d<16, 16, K = 3, P = 1>,
            relu: Relu,
            conv2: Conv2d<16, 16, K = 3, P = 1>,
        },
        relu2: Relu,
        Concat {
            one: { conv: Conv2d<16, 8, K = 1> },
            three: { conv: Conv2d<16, 24, K = 3, P = 1>, act: Silu },
        },
        pool: MaxPool2d<K = 2>,
        Heads {
            classes: { pool: GlobalAvgPool2d, fc: Linear<32, 5>, softmax: Softmax },
            map: { conv: Conv2d<32, 2, K = 1> },
        },
    }
}

#[test]
fn engines_that_agree() {
    let report = Mixed::random(3).verify(&Tensor::from_fn(wave)).unwrap();
    println!("{report}");
    assert!(report.agrees());
    assert!(report.worst().unwrap().own.relative > 0.0, "rounding alone differs");
    let names: Vec<&str> = report.steps().iter().map(|step| step.name.as_str()).collect();
    let expected = [
        "stem",
        "block.conv1",
        "block.conv2",
        "one.conv",
        "three.conv",
        "Concat",
        "pool",
        "classes.pool",
        "classes.fc",
        "classes.softmax",
        "map.conv",
        "Heads",
    ];
    assert_eq!(names, expected);
    let fused: Vec<&str> = report.steps().iter().map(|step| step.fused.as_str()).collect();
    assert_eq!(fused[..5], ["norm, relu", "relu", "add, relu", "", "silu"]);
}

#[test]
fn on_every_instruction_set_and_kernel() {
    let model = Mixed::random(3).into_any();
    let x: Tensor<f32, Chw<3, 24, 24>> = Tensor::from_fn(wave);
    for isa in Isa::available() {
        for force in [None, Some(ConvKernel::Plain), Some(ConvKernel::Winograd4)] {
            let options = Options { isa: Some(isa), force, ..Options::default() };
            let report = model.verify(model.graph().input(), x.as_slice(), &options).unwrap();
            assert_eq!(report.isa(), isa);
            assert!(report.agrees(), "{force:?}: {report}");
        }
    }
}

#[test]
fn in_double_precision_the_bound_is_narrow() {
    let x = Tensor::from_fn(|at| f64::from(wave(at)));
    let report: Verification = Mixed::random_as::<f64>(3).verify(&x).unwrap();
    assert!(report.bound() < 1e-13);
    assert!(report.agrees(), "{report}");
}

/// Adds how often it ran: no two runs agree.
#[derive(Debug)]
struct Restless;

static RUNS: AtomicU32 = AtomicU32::new(1);

impl CustomLayer for Restless {
    const NAME: &'static str = "Restless";

    fn run<T: Element>(call: Call<'_, T>) {
        let runs = T::from_double(f64::from(RUNS.fetch_add(1, Ordering::Relaxed)));
        for (y, x) in call.output.iter_mut().zip(call.input) {
            *y = *x + runs;
        }
    }
}

impl<const C: usize, const H: usize, const W: usize> Layer<Chw<C, H, W>> for Restless {
    type Out = Chw<C, H, W>;
}

network! {
    /// One layer in the middle is wrong.
    struct Wrong: [1, 8, 8] -> [4] {
        conv1: Conv2d<1, 4, K = 3>,
        restless: Restless,
        conv2: Conv2d<4, 4, K = 3>,
        flatten: Flatten,
        fc: Linear<_, 4>,
    }
}

#[test]
fn the_worst_is_named() {
    let report = Wrong::random(3).verify(&Tensor::from_fn(wave)).unwrap();
    assert!(!report.agrees());
    assert_eq!(report.worst().unwrap().name, "restless");
    let [conv1, restless, conv2, .., fc] = report.steps() else { panic!("{report}") };
    // What it does shows behind it, but the layers there are not to blame.
    assert!(conv1.since_input.relative < report.bound());
    assert!(restless.own.relative > 0.1 && conv2.since_input.relative > 0.1);
    assert!(conv2.own.relative < report.bound() && fc.own.relative < report.bound());
    assert!(report.to_string().contains("DIFFER; the worst is `restless`"), "{report}");
}

#[test]
fn a_run_time_size_may_not_fit() {
    network! {
        struct Open: [1, Dyn, Dyn] -> [2, Dyn, Dyn] { conv: Conv2d<1, 2, K = 3> }
    }
    let sized = |height| {
        let shape = DynChw::<1> { height, width: 9 };
        Open::random(1).verify(&Tensor::zeros_with_shape(shape).unwrap())
    };
    assert!(sized(5).unwrap().agrees());
    assert!(sized(2).unwrap_err().to_string().contains("the input has 2 rows"), "{:?}", sized(2));
}

#[test]
fn a_network_without_layers() {
    network! {
        struct Nothing: [4] -> [4] { same: Identity }
    }
    let report = Nothing::random(1).verify(&Tensor::zeros()).unwrap();
    assert!(report.agrees() && report.worst().is_none(), "{report}");
}
