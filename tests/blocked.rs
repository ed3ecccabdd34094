//! The blocked engine against plain loops in double precision.
//!
//! Data are small whole numbers, so that every partial sum is exact in `f32` and
//! any slip of an index, tail or padding is a different bit: the tolerance of
//! every kernel but Winograd's is 0. Each case runs on every instruction set of
//! this processor. In a debug build all reads and writes of the kernels are
//! bounds-checked against their buffers as well.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]
#![allow(clippy::float_cmp, clippy::too_many_lines, reason = "exact by design; tables")]
#![allow(unreachable_pub, clippy::print_stdout, reason = "a program of its own")]

#[path = "blocked/cascades.rs"]
mod cascades;
#[path = "blocked/halves.rs"]
mod halves;
#[path = "blocked/planar.rs"]
mod planar;
#[path = "blocked/reference.rs"]
mod reference;

use reference::{Random, axis, branch, chain, conv, grouped, leak, linear, max_pool, op, relu};
use typenet::blocked::{ConvKernel, Options, Plan, PlanError};
use typenet::graph::Graph;
use typenet::isa::Isa;
use typenet::spec::{
    Axis, BatchNorm2d, Call, Conv2d, CustomKernel, CustomOp, Dims, Join, Op, Padding, Pool,
    ShapeRule, Spec, Window,
};

/// A network with numbers.
struct Case {
    name: String,
    graph: Graph,
    params: Vec<Vec<f32>>,
    input: Vec<f32>,
}

impl Case {
    /// Whole numbers of up to `most`, weights of up to 3.
    fn integers(name: &str, spec: &Spec<'static>, input: Dims, most: i64) -> Self {
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        let graph = Graph::new(spec, input).unwrap();
        let params =
            graph.params().iter().map(|p| (0..p.len()).map(|_| random.integer(3)).collect());
        let params = params.collect();
        let input = (0..input.elements().unwrap()).map(|_| random.integer(most)).collect();
        Self { name: name.into(), graph, params, input }
    }

    /// Real numbers, weights scaled so that the size of values stays.
    fn reals(name: &str, spec: &Spec<'static>, input: Dims) -> Self {
        let mut random = Random(0x1234_5678_9ABC_DEF1);
        let graph = Graph::new(spec, input).unwrap();
        let params = graph
            .params()
            .iter()
            .map(|p| {
                let scale = (2.0 / p.spec.fan_in.max(1) as f32).sqrt();
                (0..p.len()).map(|_| random.real(scale)).collect()
            })
            .collect();
        let input = (0..input.elements().unwrap()).map(|_| random.real(1.0)).collect();
        Self { name: name.into(), graph, params, input }
    }

    fn plan(&self, options: &Options) -> Plan {
        let params: Vec<&[f32]> = self.params.iter().map(Vec::as_slice).collect();
        Plan::new(&self.graph, &params, options).unwrap()
    }

    fn want(&self) -> Vec<f64> {
        reference::run(&self.graph, &self.params, &self.input)
    }

    /// Every instruction set, twice in one workspace, no bit off.
    fn check_exact(&self, force: Option<ConvKernel>) {
        let want = self.want();
        let zeros = want.iter().filter(|&&x| x == 0.0).count();
        assert!(want.len() < 20 || 10 * zeros <= 7 * want.len(), "{}: all but zeros", self.name);
        for isa in Isa::available() {
            let options = Options { isa: Some(isa), winograd: false, force, ..Options::default() };
            let plan = self.plan(&options);
            let mut workspace = plan.workspace();
            for _ in 0..2 {
                let mut got = vec![0.5; want.len()];
                plan.run_into(&mut workspace, &self.input, &mut got);
                let off = want.iter().zip(&got).position(|(&want, &got)| want as f32 != got);
                if let Some(i) = off {
                    panic!(
                        "{} on {isa}: output {i} is {}, not {}\n{plan}",
                        self.name, got[i], want[i]
                    );
                }
            }
        }
    }

    /// The L2 error over the L2 norm, on every instruction set.
    fn check_close(&self, options: &Options, most: f64) {
        let want = self.want();
        for isa in Isa::available() {
            let plan = self.plan(&Options { isa: Some(isa), ..options.clone() });
            let got = plan.run(&self.input);
            let square = |x: f64| x * x;
            let error: f64 = want.iter().zip(&got).map(|(w, &g)| square(w - f64::from(g))).sum();
            let norm: f64 = want.iter().map(|&w| square(w)).sum();
            let error = (error / norm).sqrt();
            assert!(error <= most, "{} on {isa}: {error:e}\n{plan}", self.name);
        }
    }
}

fn one(name: &'static str, spec: Spec<'static>) -> Spec<'static> {
    chain(vec![(name, spec)])
}

/// A convolution behind an identity pool, so that it reads blocks and not the
/// network's input.
fn behind(spec: Spec<'static>) -> Spec<'static> {
    chain(vec![("pool", max_pool(1, 1, 0)), ("conv", spec)])
}

#[test]
fn channels_around_vectors() {
    for c in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 65] {
        for o in [1, 3, 8, 16, 17, 33] {
            let name = format!("{c} to {o}");
            let image = Dims::image(c, 4, 5);
            Case::integers(&name, &one("c", conv(c, o, 3, 1, 1)), image, 8).check_exact(None);
            Case::integers(&name, &behind(conv(c, o, 3, 1, 1)), image, 8).check_exact(None);
            Case::integers(&name, &behind(conv(c, o, 1, 1, 0)), image, 8).check_exact(None);
        }
    }
}

#[test]
fn widths_around_tiles() {
    for w in (1..=31).chain([41, 42, 43, 56, 57]) {
        for (k, s, p) in [(3, 1, 1), (1, 1, 0), (3, 2, 1), (5, 3, 2), (2, 1, 1), (1, 2, 0)] {
            if w + 2 * p < k {
                continue;
            }
            let name = format!("width {w}, {k} {s} {p}");
            let image = Dims::image(5, 3, w);
            Case::integers(&name, &one("c", conv(5, 20, k, s, p)), image, 8).check_exact(None);
            Case::integers(&name, &behind(conv(5, 35, k, s, p)), image, 8).check_exact(None);
        }
    }
}

/// A convolution whose axes have nothing in common.
fn odd(inputs: usize, outputs: usize, groups: usize, h: Axis, w: Axis) -> Spec<'static> {
    let window = Window { h, w };
    op(Op::Conv2d(Conv2d { inputs, outputs, window, groups, bias: true }))
}

#[test]
fn windows_of_every_kind() {
    let axes = [
        axis(3, 1, (1, 1), 1),
        axis(3, 2, (1, 1), 1),
        axis(2, 3, (0, 1), 1),
        axis(4, 1, (3, 0), 1),
        axis(3, 1, (2, 2), 2),
        axis(3, 2, (0, 5), 3),
        axis(1, 4, (2, 2), 1),
        axis(7, 2, (3, 3), 1),
        axis(5, 1, (4, 4), 1),
        Axis { padding: Padding::Same, ..axis(4, 2, (0, 0), 1) },
        Axis { padding: Padding::SameLower, ..axis(2, 1, (0, 0), 2) },
    ];
    for h in axes {
        for w in axes {
            for (c, groups, o) in
                [(3, 1, 10), (18, 1, 21), (18, 18, 18), (32, 2, 32), (64, 4, 32), (12, 3, 6)]
            {
                let name = format!("{h:?} {w:?} {c} {groups}");
                let spec = odd(c, o, groups, h, w);
                let image = Dims::image(c, 9, 17);
                Case::integers(&name, &one("c", spec), image, 8).check_exact(None);
                Case::integers(&name, &behind(spec), image, 8).check_exact(None);
            }
        }
    }
}

#[test]
fn images_of_one_pixel() {
    for c in [1, 16, 40] {
        for (k, p) in [(1, 0), (3, 1), (5, 2)] {
            let image = Dims::image(c, 1, 1);
            Case::integers("1×1", &one("c", conv(c, 33, k, 1, p)), image, 8).check_exact(None);
            Case::integers("1×1", &behind(grouped(c, c, c, k, 1, p)), image, 8).check_exact(None);
        }
    }
}

#[test]
fn depthwise_and_grouped() {
    for c in [1, 4, 15, 16, 17, 24, 40] {
        for (k, s, p) in [(3, 1, 1), (3, 2, 1), (5, 1, 2), (5, 2, 2), (7, 1, 3), (2, 2, 0)] {
            for w in [1, 2, 6, 7, 8, 14, 15, 23] {
                let image = Dims::image(c, 8, w);
                let name = format!("depthwise {c} {k} {s} {w}");
                if w + 2 * p >= k {
                    Case::integers(&name, &one("c", grouped(c, c, c, k, s, p)), image, 8)
                        .check_exact(None);
                }
            }
        }
    }
    for (c, o, groups) in
        [(32, 64, 2), (8, 16, 8), (6, 9, 3), (48, 48, 3), (64, 16, 4), (20, 40, 20)]
    {
        let image = Dims::image(c, 7, 9);
        let spec = grouped(c, o, groups, 3, 1, 1);
        Case::integers(&format!("{groups} groups"), &one("c", spec), image, 8).check_exact(None);
    }
}

#[test]
fn forced_to_plain_loops() {
    let spec = behind(conv(7, 19, 3, 2, 1));
    Case::integers("plain", &spec, Dims::image(7, 9, 10), 8).check_exact(Some(ConvKernel::Plain));
}

#[test]
fn pools() {
    for (k, s, p) in [(2, 2, 0), (3, 2, 1), (3, 2, 0), (3, 1, 1), (5, 3, 2), (1, 2, 0)] {
        for (ceil, include_pad) in [(false, true), (true, true), (true, false), (false, false)] {
            for c in [1, 5, 16, 33] {
                for w in [5, 7, 16, 17, 30] {
                    let window = Window::square(Axis { ceil, ..Axis::new(k, s, p) });
                    let image = Dims::image(c, 6, w);
                    let pool = Pool { window, include_pad };
                    let name = format!("pool {k} {s} {p} {ceil} {include_pad} {c} {w}");
                    let max = one("p", op(Op::MaxPool2d(pool)));
                    Case::integers(&name, &max, image, 900).check_exact(None);
                    let mean = one("p", op(Op::AvgPool2d(pool)));
                    Case::integers(&name, &mean, image, 900).check_exact(None);
                }
            }
        }
    }
    for (c, h, w) in [(1, 1, 1), (17, 7, 7), (40, 3, 9)] {
        let mean = one("p", op(Op::GlobalAvgPool2d));
        Case::integers("global", &mean, Dims::image(c, h, w), 900).check_exact(None);
    }
}

#[test]
fn fully_connected() {
    for inputs in [1, 2, 7, 8, 9, 63, 64, 65, 84, 400] {
        for outputs in [1, 10, 16, 17, 40, 63, 64, 65, 120, 128, 129, 300] {
            let name = format!("dense {inputs} {outputs}");
            let spec = one("fc", linear(inputs, outputs));
            Case::integers(&name, &spec, Dims::vector(inputs), 8).check_exact(None);
        }
    }
}

#[test]
fn flattening() {
    for c in [3, 16, 20, 32] {
        let flat = vec![
            ("conv", conv(2, c, 3, 1, 0)),
            ("flatten", op(Op::Flatten)),
            ("fc", linear(c * 12, 30)),
        ];
        Case::integers("flatten", &chain(flat), Dims::image(2, 5, 6), 4).check_exact(None);
        let flat = vec![("flatten", op(Op::Flatten)), ("relu", relu()), ("fc", linear(c * 12, 30))];
        Case::integers("flatten", &chain(flat), Dims::image(c, 3, 4), 4).check_exact(None);
        let flat = vec![("flatten", op(Op::Flatten)), ("fc", linear(c * 12, 30))];
        Case::integers("flatten", &chain(flat), Dims::image(c, 3, 4), 4).check_exact(None);
        let flat = vec![("conv", conv(2, c, 3, 1, 1)), ("flatten", op(Op::Flatten))];
        Case::integers("flatten", &chain(flat), Dims::image(2, 5, 6), 4).check_exact(None);
    }
    let nothing = chain(vec![("a", op(Op::Identity)), ("b", op(Op::Identity))]);
    Case::integers("nothing", &nothing, Dims::image(3, 4, 5), 9).check_exact(None);
    let flat = chain(vec![("a", op(Op::Flatten)), ("b", op(Op::Flatten))]);
    Case::integers("flat", &flat, Dims::image(3, 4, 5), 9).check_exact(None);
}

/// A residual block as in `ResNet`: two convolutions and a shortcut.
fn residual(inputs: usize, outputs: usize, stride: usize, shortcut: bool) -> Spec<'static> {
    let body = chain(vec![
        ("conv1", conv(inputs, outputs, 3, stride, 1)),
        ("relu1", relu()),
        ("conv2", conv(outputs, outputs, 3, 1, 1)),
    ]);
    let short =
        if shortcut { one("down", conv(inputs, outputs, 1, stride, 0)) } else { chain(vec![]) };
    chain(vec![("sum", branch(Join::Add, vec![body, short])), ("relu", relu())])
}

#[test]
fn residuals() {
    for (c, o, stride, shortcut) in
        [(20, 20, 1, false), (16, 33, 2, true), (3, 3, 1, false), (3, 8, 2, true)]
    {
        let spec = chain(vec![("block", residual(c, o, stride, shortcut))]);
        Case::integers("residual", &spec, Dims::image(c, 9, 10), 1).check_exact(None);
        let spec =
            chain(vec![("stem", max_pool(3, 1, 1)), ("block", residual(c, o, stride, shortcut))]);
        Case::integers("residual", &spec, Dims::image(c, 9, 10), 1).check_exact(None);
        Case::integers("residual", &spec, Dims::image(c, 9, 10), 1)
            .check_exact(Some(ConvKernel::Plain));
    }
    // The input twice, thrice, and a sum of pools.
    for arms in [2, 3] {
        let spec = branch(Join::Add, vec![chain(vec![]); arms]);
        Case::integers("doubled", &one("x", spec), Dims::image(5, 4, 3), 9).check_exact(None);
    }
    let spec = branch(Join::Add, vec![max_pool(3, 1, 1), chain(vec![]), max_pool(1, 1, 0), relu()]);
    let spec = chain(vec![("sum", spec), ("relu", relu())]);
    Case::integers("four", &spec, Dims::image(18, 4, 3), 9).check_exact(None);
    // A value that is read by a convolution behind the one it is added to.
    let inner = branch(Join::Add, vec![one("c", conv(8, 8, 1, 1, 0)), chain(vec![])]);
    let spec = chain(vec![("a", conv(4, 8, 3, 1, 1)), ("s", inner), ("b", conv(8, 5, 5, 1, 2))]);
    Case::integers("shared", &spec, Dims::image(4, 7, 7), 2).check_exact(None);
}

#[test]
fn concatenations() {
    for (a, b, c) in [(16, 32, 16), (3, 5, 17), (8, 8, 1), (1, 15, 40)] {
        let arms = vec![
            chain(vec![("c", conv(6, a, 1, 1, 0)), ("r", relu())]),
            one("c", conv(6, b, 3, 1, 1)),
            chain(vec![("p", max_pool(3, 1, 1)), ("c", conv(6, c, 5, 1, 2))]),
        ];
        let join = branch(Join::Concat, arms);
        let spec = chain(vec![
            ("x", conv(2, 6, 3, 1, 1)),
            ("j", join),
            ("r", relu()),
            ("y", conv(a + b + c, 9, 3, 1, 1)),
        ]);
        Case::integers("concat", &spec, Dims::image(2, 6, 8), 1).check_exact(None);
    }
    let spec = branch(Join::Concat, vec![linear(7, 9), linear(7, 3), chain(vec![])]);
    Case::integers("vectors", &one("x", spec), Dims::vector(7), 8).check_exact(None);
}

/// Batch normalisation, exact on whole numbers: a deviation of 2.
#[test]
fn products() {
    // Factors for each value, each row, each column, and each channel.
    let of = |rows: usize, columns: usize| {
        let pool = |k| axis(k, 1, (0, 0), 1);
        let window = Window { h: pool(rows), w: pool(columns) };
        op(Op::MaxPool2d(Pool { window, include_pad: false }))
    };
    for (c, sides) in [
        (16, vec![chain(vec![]), conv(16, 16, 1, 1, 0)]),
        (17, vec![conv(17, 17, 3, 1, 1), of(5, 1)]),
        (17, vec![chain(vec![]), of(1, 6), relu()]),
        (33, vec![max_pool(1, 1, 0), of(5, 6), chain(vec![]), of(5, 6)]),
    ] {
        let spec = branch(Join::Mul, sides);
        let spec = chain(vec![("product", spec), ("relu", relu())]);
        Case::integers("product", &spec, Dims::image(c, 5, 6), 2).check_exact(None);
    }
    let squeeze = vec![("mean", op(Op::GlobalAvgPool2d)), ("fc", linear(8, 8))];
    let spec = branch(Join::Mul, vec![chain(vec![]), chain(squeeze)]);
    Case::integers("squeeze", &spec, Dims::image(8, 2, 2), 4).check_exact(None);
}

fn norm(channels: usize) -> Spec<'static> {
    op(Op::BatchNorm2d(BatchNorm2d { channels, eps: 1.0 }))
}

/// A case whose variances are 3, so that the deviations are 2.
fn normed(name: &str, spec: &Spec<'static>, input: Dims) -> Case {
    let mut case = Case::integers(name, spec, input, 8);
    for (param, values) in case.graph.params().iter().zip(&mut case.params) {
        if param.name.ends_with("running_var") {
            values.fill(3.0);
        } else if param.name.ends_with("weight") && param.dims().as_slice().len() == 1 {
            for weight in values {
                *weight = weight.abs() + 1.0;
            }
        }
    }
    case
}

#[test]
fn batch_normalisation() {
    let image = Dims::image(5, 6, 7);
    for (name, spec) in [
        ("behind", chain(vec![("c", conv(5, 18, 3, 1, 1)), ("n", norm(18)), ("r", relu())])),
        ("depthwise", chain(vec![("c", grouped(5, 5, 5, 3, 1, 1)), ("n", norm(5))])),
        ("alone", chain(vec![("n", norm(5)), ("r", relu())])),
        ("pre", chain(vec![("p", max_pool(1, 1, 0)), ("n", norm(5)), ("c", conv(5, 4, 3, 1, 1))])),
        ("twice", chain(vec![("c", conv(5, 18, 1, 1, 0)), ("n", norm(18)), ("m", norm(18))])),
    ] {
        normed(name, &spec, image).check_exact(None);
        normed(name, &spec, image).check_exact(Some(ConvKernel::Plain));
    }
    let body = || chain(vec![("c", conv(5, 5, 3, 1, 1)), ("n", norm(5))]);
    for arms in [vec![body(), chain(vec![])], vec![chain(vec![]), body()], vec![body(), body()]] {
        let spec =
            chain(vec![("p", max_pool(1, 1, 0)), ("s", branch(Join::Add, arms)), ("r", relu())]);
        let case = normed("residual", &spec, image);
        case.check_exact(None);
        let plan = case.plan(&Options::default()).to_string();
        assert!(plan.contains("norm, add, relu"), "{plan}");
    }
}

#[test]
fn several_heads() {
    let arms = vec![
        conv(5, 3, 1, 1, 0),
        chain(vec![("m", op(Op::GlobalAvgPool2d))]),
        conv(5, 17, 3, 2, 1),
    ];
    let spec = chain(vec![("x", max_pool(1, 1, 0)), ("h", branch(Join::Heads, arms))]);
    Case::integers("heads", &spec, Dims::image(5, 4, 4), 8).check_exact(None);
    let spec = branch(Join::Heads, vec![conv(5, 3, 1, 1, 0)]);
    Case::integers("head", &one("h", spec), Dims::image(5, 4, 4), 8).check_exact(None);
}

fn lenet() -> Spec<'static> {
    chain(vec![
        ("conv1", conv(1, 6, 5, 1, 2)),
        ("relu1", relu()),
        ("pool1", max_pool(2, 2, 0)),
        ("conv2", conv(6, 16, 5, 1, 0)),
        ("relu2", relu()),
        ("pool2", max_pool(2, 2, 0)),
        ("flatten", op(Op::Flatten)),
        ("fc1", linear(400, 120)),
        ("relu3", relu()),
        ("fc2", linear(120, 84)),
        ("relu4", relu()),
        ("fc3", linear(84, 10)),
        ("softmax", op(Op::Softmax)),
    ])
}

#[test]
fn whole_networks_on_real_data() {
    let case = Case::reals("lenet", &lenet(), Dims::image(1, 28, 28));
    case.check_close(&Options { winograd: false, ..Options::default() }, 3e-6);
    let case = small_resnet();
    case.check_close(&Options { winograd: false, ..Options::default() }, 3e-6);
    case.check_close(&Options::default(), 2e-5);
}

/// A small `ResNet` with every kind of step, large enough for threads.
fn small_resnet() -> Case {
    let spec = chain(vec![
        ("stem", conv(3, 32, 7, 2, 3)),
        ("relu", relu()),
        ("pool", max_pool(3, 2, 1)),
        ("a", residual(32, 32, 1, false)),
        ("dw", grouped(32, 32, 32, 3, 1, 1)),
        ("b", residual(32, 48, 2, true)),
        ("mean", op(Op::GlobalAvgPool2d)),
        ("fc", linear(48, 11)),
    ]);
    Case::reals("residual", &spec, Dims::image(3, 112, 112))
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let case = small_resnet();
    for winograd in [false, true] {
        let alone = case.plan(&Options { winograd, ..Options::default() });
        let want = alone.run(&case.input);
        for threads in [2, 3, 8] {
            let plan =
                case.plan(&Options { winograd, threads: Some(threads), ..Options::default() });
            assert_eq!(plan.threads(), threads);
            let mut workspace = plan.workspace();
            for _ in 0..3 {
                let mut got = vec![0.0; want.len()];
                plan.run_into(&mut workspace, &case.input, &mut got);
                assert_eq!(want, got, "{threads} threads\n{plan}");
            }
        }
    }
    let small = Case::reals("lenet", &lenet(), Dims::image(1, 28, 28));
    assert_eq!(small.plan(&Options { threads: Some(2), ..Options::default() }).threads(), 1);
}

#[test]
fn winograd_is_close() {
    for (c, o, h, w) in [
        (32, 32, 28, 28),
        (40, 33, 14, 14),
        (3, 5, 7, 9),
        (17, 64, 5, 31),
        (64, 32, 30, 26),
        (16, 16, 1, 1),
    ] {
        for kernel in [ConvKernel::Winograd2, ConvKernel::Winograd4] {
            for p in [0, 1, 2] {
                if h + 2 * p < 3 {
                    continue;
                }
                let spec = chain(vec![
                    ("pool", max_pool(1, 1, 0)),
                    ("conv", conv(c, o, 3, 1, p)),
                    ("relu", relu()),
                ]);
                let case = Case::reals(
                    &format!("{kernel:?} {c} {o} {h} {w} {p}"),
                    &spec,
                    Dims::image(c, h, w),
                );
                case.check_close(&Options { force: Some(kernel), ..Options::default() }, 2e-5);
            }
        }
    }
    let spec = chain(vec![("stem", conv(3, 260, 1, 1, 0)), ("conv", conv(260, 40, 3, 1, 1))]);
    let case = Case::reals("one group", &spec, Dims::image(3, 25, 27));
    case.check_close(&Options::default(), 2e-5);
}

#[test]
fn not_a_number_goes_where_its_windows_go() {
    let specs = [
        (5, one("c", conv(5, 18, 3, 1, 1))),
        (5, behind(conv(5, 18, 3, 1, 1))),
        (6, behind(conv(6, 18, 3, 1, 1))),
        (5, behind(grouped(5, 5, 5, 3, 1, 1))),
        (5, one("p", max_pool(3, 1, 1))),
        (5, chain(vec![("p", max_pool(2, 2, 0)), ("r", relu())])),
        (5, one("r", relu())),
    ];
    for (channels, spec) in specs {
        for special in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for at in [0, 7, 50, 99, channels * 99 - 1] {
                let mut case = Case::integers("special", &spec, Dims::image(channels, 9, 11), 8);
                case.input[at] = special;
                let want = case.want();
                for isa in Isa::available() {
                    let options = Options { isa: Some(isa), winograd: false, ..Options::default() };
                    let got = case.plan(&options).run(&case.input);
                    for (want, got) in want.iter().zip(got) {
                        let same = *want as f32 == got || want.is_nan() && got.is_nan();
                        assert!(same, "{special} at {at} on {isa}: {got}, not {want}");
                    }
                }
            }
        }
    }
}

#[test]
fn padding_makes_no_nan_of_an_infinite_weight() {
    let expanded = chain(vec![
        ("expand", conv(16, 16, 3, 1, 1)),
        ("relu", relu()),
        ("deep", grouped(16, 16, 16, 3, 2, 1)),
    ]);
    let specs = [
        (3, one("c", conv(3, 8, 3, 1, 1))),
        (1, one("c", conv(1, 2, 5, 1, 2))),
        (16, behind(conv(16, 16, 3, 1, 1))),
        (16, behind(conv(16, 7, 5, 2, 2))),
        (16, behind(conv(16, 20, 1, 1, 2))),
        (16, behind(grouped(16, 16, 16, 3, 2, 1))),
        (16, behind(grouped(16, 32, 4, 3, 1, 1))),
        (16, expanded),
    ];
    for (channels, spec) in specs {
        let graph = Graph::new(&spec, Dims::image(channels, 4, 4)).unwrap();
        let weights: Vec<usize> = (0..graph.params().len())
            .filter(|&i| graph.params()[i].dims().as_slice().len() == 4)
            .collect();
        for (param, last) in weights.into_iter().flat_map(|param| [(param, false), (param, true)]) {
            let mut case = Case::integers("infinite", &spec, Dims::image(channels, 4, 4), 8);
            case.input.iter_mut().for_each(|x| *x = x.abs() + 1.0);
            let at = if last { case.params[param].len() - 1 } else { 0 };
            case.params[param][at] = f32::INFINITY;
            let want = case.want();
            for isa in Isa::available() {
                let got =
                    case.plan(&Options { isa: Some(isa), ..Options::default() }).run(&case.input);
                let same =
                    |(&want, got): (&f64, f32)| want as f32 == got || want.is_nan() && got.is_nan();
                assert!(want.iter().zip(got).all(same), "{} {param} on {isa}", case.name);
            }
        }
    }
}

#[derive(Debug)]
struct Twice;

impl CustomKernel for Twice {
    fn run_f32(&self, call: Call<'_, f32>) {
        for (y, x) in call.output.iter_mut().zip(call.input) {
            *y = 2.0 * x + call.params[0][0];
        }
    }

    fn run_f64(&self, _call: Call<'_, f64>) {}
}

#[test]
fn custom_layers_run() {
    let params =
        leak([typenet::spec::ParamSpec::constant("shift", typenet::spec::ParamDims::d1(1), 1)]);
    let op = leak(CustomOp {
        name: "Twice",
        rule: ShapeRule::Same,
        params,
        macs_per_output: 1,
        kernel: leak(Twice),
    });
    let spec = chain(vec![
        ("p", max_pool(1, 1, 0)),
        ("t", Spec::Op(Op::Custom(op))),
        ("r", relu()),
        ("q", max_pool(2, 1, 0)),
    ]);
    let case = Case::integers("twice", &spec, Dims::image(19, 4, 5), 9);
    let plain = chain(vec![("q", max_pool(2, 1, 0))]);
    let mut twice = Case::integers("max", &plain, Dims::image(19, 4, 5), 9);
    twice.input = case.input.iter().map(|x| (2.0 * x + case.params[0][0]).max(0.0)).collect();
    for isa in Isa::available() {
        let got = case.plan(&Options { isa: Some(isa), ..Options::default() }).run(&case.input);
        assert!(twice.want().iter().zip(got).all(|(&want, got)| want as f32 == got));
    }
}

#[test]
fn other_floats_run_on_the_portable_kernels() {
    let case = Case::reals("lenet", &lenet(), Dims::image(1, 28, 28));
    let params: Vec<Vec<f64>> =
        case.params.iter().map(|p| p.iter().map(|&x| f64::from(x)).collect()).collect();
    let params: Vec<&[f64]> = params.iter().map(Vec::as_slice).collect();
    let input: Vec<f64> = case.input.iter().map(|&x| f64::from(x)).collect();
    let plan = Plan::<f64>::new(&case.graph, &params, &Options::default()).unwrap();
    for (want, got) in case.want().iter().zip(plan.run(&input)) {
        assert!((want - got).abs() < 1e-14, "{got}, not {want}");
    }
}

#[test]
fn a_plan_is_shared_and_says_what_it_does() {
    let case = Case::reals("lenet", &lenet(), Dims::image(1, 28, 28));
    let plan = case.plan(&Options::default());
    let alone = plan.run(&case.input);
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| plan.run(&case.input))).collect();
        for run in runs {
            assert_eq!(run.join().unwrap(), alone);
        }
    });
    let table = plan.to_string();
    for word in ["conv1", "direct", "max pool", "dense", "multiply-adds", plan.isa().name()] {
        assert!(table.contains(word), "{table}");
    }
}

#[test]
fn what_can_not_be_planned_is_an_error() {
    let case = Case::reals("lenet", &lenet(), Dims::image(1, 28, 28));
    let params: Vec<&[f32]> = case.params.iter().map(Vec::as_slice).collect();
    let few = Plan::new(&case.graph, &params[1..], &Options::default());
    assert_eq!(few.err(), Some(PlanError::Params { expected: 10, got: 9 }));
    let mut short = params.clone();
    short[3] = &short[3][1..];
    let short = Plan::new(&case.graph, &short, &Options::default()).err().unwrap();
    assert_eq!(short.to_string(), "`conv2.bias` holds 16 values, but 15 were given");
    let missing = Isa::ALL.into_iter().find(|isa| !isa.is_available()).unwrap();
    let options = Options { isa: Some(missing), ..Options::default() };
    assert!(matches!(Plan::new(&case.graph, &params, &options), Err(PlanError::Isa(_))));
}
