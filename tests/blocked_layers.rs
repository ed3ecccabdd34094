//! Layers beside convolutions and pools on the blocked engine: activations, small
//! groups, layers that move pixels, concatenations in place. The oracle is the
//! naive engine; whole numbers, so that all but powers must match bit for bit.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]
#![allow(clippy::float_cmp, reason = "exact by design")]
#![allow(unreachable_pub, dead_code, reason = "shared with other tests")]

#[path = "blocked/reference.rs"]
mod reference;

use reference::{Random, axis, branch, chain, conv, grouped, linear, max_pool, op};
use typenet::blocked::{Options, Plan};
use typenet::graph::Graph;
use typenet::isa::Isa;
use typenet::naive;
use typenet::spec::{
    Activation, BatchNorm1d, BatchNorm2d, Conv2d, ConvTranspose2d, Dims, Join, Op, Pad2d, Resize,
    Spec, Spread, Upsample, Window,
};

/// Runs `spec` on every instruction set with one and two threads, Winograd off;
/// returns the plan of the last.
fn check(name: &str, spec: &Spec<'static>, dims: Dims, most: f32) -> String {
    let graph = Graph::new(spec, dims).unwrap();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let positive = |name: &str| name.ends_with("running_var");
    let params: Vec<Vec<f32>> = graph
        .params()
        .iter()
        .map(|p| {
            let value = |x: f32| if positive(&p.name) { 3.0 } else { x };
            (0..p.len()).map(|_| value(random.integer(3))).collect()
        })
        .collect();
    let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
    let input: Vec<f32> = (0..dims.elements().unwrap()).map(|_| random.integer(6)).collect();
    let want = naive::run(&graph, &params, &input, |_, _, _| {}).unwrap();
    let mut table = String::new();
    for isa in Isa::available() {
        for threads in [1, 2] {
            let options = Options {
                isa: Some(isa),
                winograd: false,
                threads: Some(threads),
                ..Options::default()
            };
            let plan = Plan::new(&graph, &params, &options).unwrap();
            let mut workspace = plan.workspace();
            for _ in 0..2 {
                let mut got = vec![0.5; want.len()];
                plan.run_into(&mut workspace, &input, &mut got);
                for (i, (want, got)) in want.iter().zip(&got).enumerate() {
                    let same = want == got
                        || want.is_nan() && got.is_nan()
                        || (want - got).abs() <= most * want.abs().max(1.0);
                    assert!(same, "{name} on {isa}: output {i} is {got}, not {want}\n{plan}");
                }
            }
            table = plan.to_string();
        }
    }
    table
}

fn activations() -> [(Activation, f32); 14] {
    [
        (Activation::Relu, 0.0),
        (Activation::Relu6, 0.0),
        (Activation::Clip { min: -1.0, max: 3.0 }, 0.0),
        (Activation::Clip { min: f64::NEG_INFINITY, max: 2.0 }, 0.0),
        (Activation::LeakyRelu { slope: 0.5 }, 0.0),
        (Activation::LeakyRelu { slope: -2.0 }, 0.0),
        (Activation::HARD_SIGMOID, 1e-6),
        (Activation::HardSwish, 1e-6),
        (Activation::Elu { alpha: 1.5 }, 1e-6),
        (Activation::Sigmoid, 1e-6),
        (Activation::Tanh, 1e-6),
        (Activation::Silu, 1e-6),
        (Activation::Gelu, 1e-6),
        (Activation::GeluTanh, 1e-6),
    ]
}

#[test]
fn every_activation_behind_every_kernel() {
    for (function, most) in activations() {
        let act = || op(Op::Activation(function));
        let name = format!("{function:?}");
        let layers = [
            conv(3, 18, 3, 1, 1),
            conv(3, 33, 1, 1, 0),
            grouped(3, 3, 3, 3, 1, 1),
            grouped(3, 6, 3, 3, 2, 1),
            max_pool(2, 2, 0),
            op(Op::GlobalAvgPool2d),
            chain(vec![]),
        ];
        for layer in layers {
            let spec = chain(vec![("layer", layer), ("act", act())]);
            check(&name, &spec, Dims::image(3, 8, 17), most);
        }
        let fc = chain(vec![("fc", linear(40, 150)), ("act", act())]);
        let table = check(&name, &fc, Dims::vector(40), most);
        assert!(table.contains(&function.kind().to_lowercase()), "{table}");
        let sum = branch(Join::Add, vec![conv(5, 5, 3, 1, 1), chain(vec![])]);
        let spec = chain(vec![("p", max_pool(1, 1, 0)), ("sum", sum), ("act", act())]);
        check(&name, &spec, Dims::image(5, 6, 7), most);
    }
}

#[test]
fn activations_behind_winograd() {
    for (function, _) in activations() {
        let spec = chain(vec![
            ("p", max_pool(1, 1, 0)),
            ("conv", conv(32, 33, 3, 1, 1)),
            ("act", op(Op::Activation(function))),
        ]);
        let dims = Dims::image(32, 29, 30);
        let graph = Graph::new(&spec, dims).unwrap();
        let mut random = Random(5);
        let mut fill = |n: usize, scale| (0..n).map(|_| random.real(scale)).collect::<Vec<f32>>();
        let params: Vec<Vec<f32>> = graph.params().iter().map(|p| fill(p.len(), 0.1)).collect();
        let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
        let input = fill(32 * 29 * 30, 1.0);
        let want = naive::run(&graph, &params, &input, |_, _, _| {}).unwrap();
        for isa in Isa::available() {
            let plan =
                Plan::new(&graph, &params, &Options { isa: Some(isa), ..Options::default() });
            let plan = plan.unwrap();
            assert!(plan.to_string().contains("winograd 4×4"), "{plan}");
            for (want, got) in want.iter().zip(plan.run(&input)) {
                assert!((want - got).abs() <= 1e-4, "{function:?} on {isa}: {got}, not {want}");
            }
        }
    }
}

#[test]
fn special_values_through_activations() {
    let values = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.0, 0.0, 1e-42, -1e-42, 3e38];
    for (function, _) in activations() {
        let spec = op(Op::Activation(function));
        let graph = Graph::new(&spec, Dims::vector(40)).unwrap();
        let input: Vec<f32> = (0..40).map(|i| values[i % values.len()]).collect();
        let want = naive::run(&graph, &[], &input, |_, _, _| {}).unwrap();
        for isa in Isa::available() {
            let options = Options { isa: Some(isa), ..Options::default() };
            let got = Plan::new(&graph, &[], &options).unwrap().run(&input);
            for ((x, want), got) in input.iter().zip(&want).zip(got) {
                let zero = got == 0.0 && *want == 0.0;
                let same = want.is_nan() && got.is_nan()
                    || zero && got.is_sign_negative() == want.is_sign_negative()
                    || !zero && (*want == got || (want - got).abs() <= 1e-6);
                assert!(same, "{function:?} of {x} on {isa}: {got}, not {want}");
            }
        }
    }
}

#[test]
fn small_groups() {
    for (c, o, groups) in [
        (4, 8, 4),
        (16, 32, 16),
        (17, 34, 17),
        (32, 32, 8),
        (64, 64, 16),
        (12, 18, 3),
        (24, 24, 3),
        (32, 16, 4),
        (6, 15, 3),
        (128, 128, 32),
        (40, 20, 20),
    ] {
        for (k, s, p) in [(3, 1, 1), (3, 2, 1), (1, 1, 0), (5, 2, 2), (2, 3, 1), (1, 2, 0)] {
            for (h, w) in [(1, 3), (6, 7), (5, 23)] {
                let name = format!("{c} to {o} in {groups}, {k} {s} {p}, {h}×{w}");
                if h + 2 * p < k {
                    continue;
                }
                let spec = grouped(c, o, groups, k, s, p);
                let table = check(&name, &spec, Dims::image(c, h, w), 0.0);
                assert!(table.contains("grouped") || c == groups && o == groups, "{table}");
            }
        }
    }
    let window = Window { h: axis(3, 1, (2, 2), 2), w: axis(3, 2, (3, 2), 3) };
    let spec = op(Op::Conv2d(Conv2d { inputs: 8, outputs: 16, window, groups: 4, bias: true }));
    check("dilated", &spec, Dims::image(8, 9, 11), 0.0);
}

#[test]
fn transposed_convolutions() {
    let axes = [
        (2, 2, 1, 0, 0, 0),
        (3, 2, 1, 1, 1, 1),
        (4, 2, 1, 1, 1, 0),
        (3, 1, 1, 1, 1, 0),
        (5, 3, 1, 2, 0, 2),
        (3, 2, 2, 1, 1, 0),
        (4, 3, 2, 0, 1, 1),
        (1, 2, 1, 0, 0, 0),
        (3, 1, 1, 3, 0, 0),
    ];
    for (kernel, stride, dilation, before, after, extra) in axes {
        let own = Spread { kernel, stride, dilation, before, after, extra };
        let square = Spread { kernel: 2, stride: 2, dilation: 1, before: 0, after: 0, extra: 0 };
        for (inputs, outputs, groups) in [(5, 18, 1), (32, 16, 1), (32, 32, 2), (6, 4, 2)] {
            for (h, w) in [(own, own), (own, square), (square, own)] {
                let conv = ConvTranspose2d { inputs, outputs, h, w, groups, bias: true };
                let name = format!("{conv:?}");
                let spec = op(Op::ConvTranspose2d(conv));
                check(&name, &spec, Dims::image(inputs, 5, 6), 0.0);
                let relu = op(Op::Activation(Activation::Relu6));
                let spec = chain(vec![("p", max_pool(1, 1, 0)), ("t", spec), ("r", relu)]);
                check(&name, &spec, Dims::image(inputs, 4, 9), 0.0);
            }
        }
    }
}

#[test]
fn layers_that_move_pixels() {
    for c in [1, 5, 16, 19] {
        let image = Dims::image(c, 4, 7);
        let resizes = [
            Resize::Nearest,
            Resize::Bilinear { align_corners: false },
            Resize::Bilinear { align_corners: true },
        ];
        for resize in resizes {
            for (rows, columns) in [(2, 2), (1, 3), (4, 1)] {
                let up = op(Op::Upsample(Upsample { rows, columns, resize }));
                let spec = chain(vec![("up", up), ("conv", conv(c, 3, 3, 1, 1))]);
                check("upsample", &spec, image, 1e-4);
                check("upsample", &up, image, 0.0);
            }
        }
        for value in [0.0, -2.5] {
            let pad = op(Op::Pad2d(Pad2d { top: 1, bottom: 2, left: 3, right: 0, value }));
            let spec = chain(vec![("pad", pad), ("conv", conv(c, 3, 3, 1, 1))]);
            check("pad", &spec, image, 0.0);
        }
        check("largest", &op(Op::GlobalMaxPool2d), image, 0.0);
        for weights in [1, c] {
            check("prelu", &op(Op::PRelu { weights }), image, 0.0);
        }
    }
}

#[test]
fn norms_of_vectors() {
    let norm = |features| op(Op::BatchNorm1d(BatchNorm1d { features, eps: 1.0 }));
    let alone = chain(vec![("n", norm(19))]);
    check("alone", &alone, Dims::vector(19), 1e-6);
    let spec =
        chain(vec![("fc", linear(19, 40)), ("n", norm(40)), ("d", op(Op::Dropout { p: 0.5 }))]);
    let table = check("behind", &spec, Dims::vector(19), 1e-6);
    assert!(table.contains("norm"), "{table}");
}

/// A dense block as in `DenseNet`: each layer adds channels to what is there.
fn dense(channels: usize, grows: usize, layers: usize) -> Spec<'static> {
    let mut parts = vec![];
    for n in 0..layers {
        let c = channels + n * grows;
        let norm = op(Op::BatchNorm2d(BatchNorm2d { channels: c, eps: 1.0 }));
        let body = chain(vec![
            ("n", norm),
            ("r", op(Op::Activation(Activation::Relu))),
            ("c", conv(c, grows, 3, 1, 1)),
        ]);
        parts.push(("layer", branch(Join::Concat, vec![chain(vec![]), body])));
    }
    chain(parts)
}

#[test]
fn concatenations_in_place() {
    for (channels, grows) in [(16, 16), (32, 16), (16, 5), (7, 16), (20, 20)] {
        let spec =
            chain(vec![("stem", conv(3, channels, 3, 1, 1)), ("d", dense(channels, grows, 3))]);
        let table = check("dense", &spec, Dims::image(3, 6, 5), 1e-4);
        let copies = table.lines().filter(|line| line.contains(" copy ")).count();
        let whole = channels % 16 == 0 && grows % 16 == 0;
        assert!(!whole || !cfg!(target_arch = "x86_64") || copies <= 1, "{table}");
    }
    // The same side twice, the input as a side, and a whole within a whole.
    let pair = |a, b| branch(Join::Concat, vec![a, b]);
    let twice = chain(vec![("c", conv(3, 16, 1, 1, 0)), ("j", pair(chain(vec![]), chain(vec![])))]);
    check("twice", &twice, Dims::image(3, 5, 6), 0.0);
    check("input", &pair(chain(vec![]), conv(16, 16, 3, 1, 1)), Dims::image(16, 5, 6), 0.0);
    let inner = pair(conv(3, 16, 1, 1, 0), conv(3, 16, 3, 1, 1));
    let outer = pair(inner, conv(3, 9, 5, 1, 2));
    let spec = chain(vec![("x", outer), ("y", conv(41, 8, 7, 1, 3))]);
    check("nested", &spec, Dims::image(3, 8, 9), 0.0);
    // A side that is read again behind the concatenation.
    let again = branch(
        Join::Add,
        vec![
            chain(vec![
                ("b", pair(chain(vec![]), conv(16, 16, 3, 1, 1))),
                ("c", conv(32, 16, 1, 1, 0)),
            ]),
            chain(vec![]),
        ],
    );
    let spec = chain(vec![("a", conv(3, 16, 3, 1, 1)), ("s", again)]);
    check("again", &spec, Dims::image(3, 6, 7), 0.0);
}

#[test]
fn maps_narrower_than_a_tile() {
    for (h, w) in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 3), (7, 7), (6, 5), (9, 2), (13, 1), (3, 7)]
    {
        for (k, s, p) in [(3, 1, 1), (1, 1, 0), (3, 2, 1), (1, 2, 0), (5, 1, 2)] {
            let name = format!("{h}×{w}, {k} {s} {p}");
            for o in [16, 35] {
                let spec = chain(vec![("p", max_pool(1, 1, 0)), ("c", conv(33, o, k, s, p))]);
                check(&name, &spec, Dims::image(33, h * s, w * s), 0.0);
            }
        }
    }
}
