//! Walking a description with a shape in hand: what comes out of each part, who is to
//! blame for what does not fit, and what all of it costs.
//!
//! (Each layer alone is for `tests/shape_rules.rs`; the sentences about what is wrong are
//! for `ui-tests/`.)

use typenet::spec::{
    ANY_COPY, Activation, Axis, BatchNorm1d, BatchNorm2d, Blame, Call, Conv2d, ConvTranspose2d,
    CustomKernel, CustomOp, Dims, Extent, Fault, Flow, Join, Linear, Node, Op, ParamDims,
    ParamSpec, Path, Pool, Relation, Resize, ShapeRule, Spec, Spread, Step, Upsample, Walk, Window,
    activations, copies_fault, fc_twin, flow, flow_chain, index_name, local_twin, macs, output,
    params, resolve, steps, weights,
};

/// The most `f64` values that memory may hold.
const MOST: usize = isize::MAX as usize / 8;
const IMAGE: Dims = Dims::image(3, 6, 6);
const UNKNOWN: Extent = Extent::Unknown;

const CONV: Spec<'_> = Spec::Op(Op::Conv2d(Conv2d {
    inputs: 3,
    outputs: 5,
    window: Window::square(Axis::new(3, 1, 0)),
    groups: 1,
    bias: true,
}));
const POOL: Spec<'_> = Spec::Op(Op::MaxPool2d(Pool {
    window: Window::square(Axis::new(2, 2, 0)),
    include_pad: false,
}));
const RELU: Spec<'_> = Spec::Op(Op::Activation(Activation::Relu));
const FLATTEN: Spec<'_> = Spec::Op(Op::Flatten);
const TWICE: Spec<'_> =
    Spec::Op(Op::Upsample(Upsample { rows: 2, columns: 1, resize: Resize::Nearest }));
const RELATION: Relation = Relation { block: "Bottleneck", left: "4·M", a: 8, right: "C", b: 9 };

const fn linear(inputs: usize, outputs: usize) -> Spec<'static> {
    Spec::Op(Op::Linear(Linear { inputs, outputs, bias: true }))
}

const fn node<'a>(name: &'a str, spec: &'a Spec<'a>) -> Node<'a> {
    Node::new(name, spec)
}

fn walk<'a>(spec: &'a Spec<'a>, input: Dims) -> Step<'a> {
    resolve(spec, Path::ROOT, Step::start(input), true)
}

/// What is wrong, with which part, and who made what arrives there.
fn blamed(blame: Option<Blame<'_>>) -> Option<(Fault, String, String)> {
    blame.map(|blame| (blame.fault, at(blame.path), at(blame.producer)))
}

fn at(path: Path<'_>) -> String {
    path.names().join(".")
}

#[test]
fn paths_go_down_by_names() {
    let block = Path::ROOT.join("layer1").join("").join("0");
    assert!(Path::ROOT.is_root() && !block.is_root());
    assert_eq!((at(Path::ROOT), at(block)), (String::new(), "layer1.0".into()));
    let deep = (0..12).fold(Path::ROOT, |path, i| path.join(index_name(i)));
    assert_eq!(at(deep), "0.1.2.3.4.5.6.7");

    for (names, starts) in [
        (&[][..], true),
        (&["layer1"], true),
        (&["layer1", "0"], true),
        (&["layer1", ANY_COPY], true),
        (&[ANY_COPY, "0"], true),
        (&["layer2"], false),
        (&["layer1", "1"], false),
        (&["layer2", ANY_COPY], false),
        (&["layer1", "0", ANY_COPY], false),
        (&["layer1", "0", "", ""], false),
    ] {
        assert_eq!(block.starts_with(names), starts, "{names:?}");
    }
    assert!(!Path::ROOT.starts_with(&[ANY_COPY]));
}

#[test]
fn copies_are_named_and_counted() {
    for i in 0..64 {
        assert_eq!(index_name(i), i.to_string());
    }
    assert_eq!(index_name(64), "…");
    assert_eq!(copies_fault(4096), None);
    assert_eq!(copies_fault(4097), Some(Fault::Copies { count: 4097 }));
}

/// A layer of a user's, which never runs here.
#[derive(Debug)]
struct Idle;

impl CustomKernel for Idle {
    fn run_f32(&self, _: Call<'_, f32>) {}
    fn run_f64(&self, _: Call<'_, f64>) {}
}

static OWN: CustomOp = CustomOp {
    name: "Own",
    rule: ShapeRule::Same,
    params: &[
        ParamSpec::learnt("scale", ParamDims::d2(2, 3), 7),
        ParamSpec::constant("shift", ParamDims::d1(4), 1),
        ParamSpec::statistic("mean", ParamDims::d1(5), 0),
        ParamSpec::variance("var", ParamDims::d1(5)),
    ],
    macs_per_output: 11,
    kernel: &Idle,
};

/// Of its parameters one is as long as anything can be, or by one longer.
static LONG: CustomOp = CustomOp { params: &long(MOST), ..OWN };
static TOO_LONG: CustomOp = CustomOp { params: &long(MOST + 1), ..OWN };

const fn long(n: usize) -> [ParamSpec; 2] {
    let weight = ParamSpec::learnt("weight", ParamDims::d1(n), 1);
    [weight, ParamSpec::learnt("scale", ParamDims::d1(2), 1)]
}

#[test]
fn parameters_are_those_of_pytorch() {
    let d1 = ParamDims::d1;
    assert_eq!(d1(4).as_slice(), [4]);
    assert_eq!(ParamDims::d2(2, 3).as_slice(), [2, 3]);
    assert_eq!(ParamDims::d4(2, 3, 5, 7).as_slice(), [2, 3, 5, 7]);
    assert_eq!((d1(4).elements(), ParamDims::d2(2, 3).elements()), (Some(4), Some(6)));

    let plain = |name, dims, fan_in| ParamSpec {
        name,
        dims,
        fan_in,
        learnt: true,
        start: 0.0,
        variance: false,
    };
    let one = |name, n, start| ParamSpec { start, ..plain(name, d1(n), 0) };
    let still = |param| ParamSpec { learnt: false, ..param };
    let spread = Spread { kernel: 3, stride: 2, dilation: 1, before: 0, after: 0, extra: 0 };
    let (h, w) = (spread, Spread { kernel: 5, ..spread });
    let conv = Conv2d {
        inputs: 6,
        outputs: 4,
        window: Window { h: Axis::new(3, 1, 0), w: Axis::new(5, 1, 0) },
        groups: 2,
        bias: true,
    };
    let norm = |n| {
        let variance = ParamSpec { variance: true, ..still(one("running_var", n, 1.0)) };
        let mean = still(one("running_mean", n, 0.0));
        vec![one("weight", n, 1.0), one("bias", n, 0.0), mean, variance]
    };
    let filters = plain("weight", ParamDims::d4(4, 3, 3, 5), 45);
    let table = [
        (Op::Conv2d(conv), vec![filters, one("bias", 4, 0.0)]),
        (Op::Conv2d(Conv2d { bias: false, ..conv }), vec![filters]),
        (
            Op::Linear(Linear { inputs: 6, outputs: 4, bias: true }),
            vec![plain("weight", ParamDims::d2(4, 6), 6), one("bias", 4, 0.0)],
        ),
        (
            Op::ConvTranspose2d(ConvTranspose2d {
                inputs: 6,
                outputs: 4,
                h,
                w,
                groups: 2,
                bias: true,
            }),
            // (A pixel that goes out is reached by every second tap each way.)
            vec![plain("weight", ParamDims::d4(6, 2, 3, 5), 3 * 2 * 3), one("bias", 4, 0.0)],
        ),
        (Op::BatchNorm2d(BatchNorm2d { channels: 9, eps: 1e-5 }), norm(9)),
        (Op::BatchNorm1d(BatchNorm1d { features: 8, eps: 1e-5 }), norm(8)),
        (Op::PRelu { weights: 3 }, vec![one("weight", 3, 0.25)]),
        (
            Op::Custom(&OWN),
            vec![
                plain("scale", ParamDims::d2(2, 3), 7),
                one("shift", 4, 1.0),
                still(one("mean", 5, 0.0)),
                ParamSpec { variance: true, ..still(one("var", 5, 1.0)) },
            ],
        ),
        (Op::Softmax, vec![]),
    ];
    for (op, want) in table {
        assert_eq!(op.params().collect::<Vec<_>>(), want, "{op:?}");
    }
}

/// What a description costs.
#[derive(PartialEq, Debug)]
struct Costs {
    params: u64,
    macs: u64,
    /// Weights of the convolutions and fully-connected layers …
    weights: u128,
    /// … and of fully-connected ones in their place.
    dense: u128,
    activations: u128,
}

fn costs(spec: &Spec<'_>, input: Dims) -> Costs {
    let local = local_twin(spec, input);
    let macs = macs(spec, input);
    assert_eq!(local, u128::from(macs), "a locally-connected layer has a weight for each");
    Costs {
        params: params(spec),
        macs,
        weights: weights(spec, input),
        dense: fc_twin(spec, input),
        activations: activations(spec, input),
    }
}

#[test]
fn costs_are_those_counted_by_hand() {
    // Filters of 3×3 on 3 channels: 5·27 weights; 5·4·4 values of 27 products each.
    let conv =
        Costs { params: 135 + 5, macs: 80 * 27, weights: 135, dense: 108 * 80, activations: 80 };
    assert_eq!(costs(&CONV, IMAGE), conv);

    let nodes = [
        node("conv", &CONV),
        node("relu", &RELU),
        node("pool", &POOL),
        node("flatten", &FLATTEN),
        node("fc", const { &linear(20, 10) }),
    ];
    let whole = Costs {
        params: 140 + 210,
        macs: 2160 + 200,
        weights: 135 + 200,
        dense: 8640 + 200,
        activations: 80 + 80 + 20 + 10,
    };
    let (input, output) = (IMAGE, Dims::vector(10));
    for spec in [Spec::Chain(&nodes), Spec::Net { input, output, nodes: &nodes }] {
        assert_eq!(costs(&spec, IMAGE), whole);
    }
    let none = Costs { params: 0, macs: 0, weights: 0, dense: 0, activations: 0 };
    let quiet = [FLATTEN, Spec::Op(Op::Identity), Spec::Op(Op::Dropout { p: 0.5 })];
    for spec in quiet.into_iter().chain([Spec::Chain(&[]), Spec::Opaque(IMAGE)]) {
        assert_eq!(costs(&spec, IMAGE), none, "{spec:?}");
    }

    // A transposed convolution counts by what comes in: 3·2·2 pixels meet 4·3·3 each.
    let spread = Spread { kernel: 3, stride: 2, dilation: 1, before: 0, after: 0, extra: 0 };
    let grow =
        ConvTranspose2d { inputs: 3, outputs: 4, h: spread, w: spread, groups: 1, bias: true };
    let grown =
        Costs { params: 108 + 4, macs: 12 * 36, weights: 108, dense: 12 * 100, activations: 100 };
    assert_eq!(costs(&Spec::Op(Op::ConvTranspose2d(grow)), Dims::image(3, 2, 2)), grown);

    for (op, params, macs) in [
        (Op::BatchNorm2d(BatchNorm2d { channels: 3, eps: 0.0 }), 6, 0),
        (Op::PRelu { weights: 3 }, 3, 0),
        // Two of the four parameters are learnt.
        (Op::Custom(&OWN), 6 + 4, 11 * 108),
    ] {
        let want = Costs { params, macs, activations: 108, ..none };
        assert_eq!(costs(&Spec::Op(op), IMAGE), want, "{op:?}");
    }
}

#[test]
fn arms_and_copies_cost_what_they_are() {
    let fc = linear(4, 4);
    let arms = [node("a", &fc), node("b", &fc), node("c", &RELU)];
    for (join, joined) in [(Join::Add, 4), (Join::Concat, 12), (Join::Heads, 12)] {
        let want =
            Costs { params: 40, macs: 32, weights: 32, dense: 32, activations: 4 + 4 + 4 + joined };
        let spec = Spec::Branch { join, arms: &arms };
        assert_eq!(costs(&spec, Dims::vector(4)), want, "{join:?}");
        assert_eq!(output(&spec, Dims::vector(4)), Dims::vector(joined as usize));
    }
    // Copies that are all alike, and copies of which each gets another shape.
    for count in [1, 2, 5] {
        let n = count as u128;
        let copies = |body| Spec::Repeat { first: 0, count, body };
        let want = Costs {
            params: 20 * count as u64,
            macs: 16 * count as u64,
            weights: 16 * n,
            dense: 16 * n,
            activations: 4 * n,
        };
        // (Something costs before them.)
        let alike = copies(&fc);
        let nodes = [node("first", &fc), node("rest", &alike)];
        assert_eq!(costs(&alike, Dims::vector(4)), want);
        let both = costs(&Spec::Chain(&nodes), Dims::vector(4));
        assert_eq!((both.params, both.macs), (want.params + 20, want.macs + 16));

        let growing = copies(&TWICE);
        let doubled = (1..=count).map(|i| 108 << i).sum();
        assert_eq!(activations(&growing, IMAGE), doubled);
        assert_eq!(output(&growing, IMAGE), Dims::image(3, 6 << count, 6));
    }
    assert_eq!(output(&Spec::Branch { join: Join::Add, arms: &[] }, IMAGE), IMAGE);
}

#[test]
fn counts_past_all_integers() {
    let most = u128::from(u64::MAX);
    let of = |params, macs| Flow { dims: IMAGE, holds: true, params, macs };
    let counts = [(0, 0), (7, 7), (most, u64::MAX), (most + 8, u64::MAX)];
    assert!(counts.iter().all(|&(n, want)| of(n, 0).params() == want));
    assert!(counts[..3].iter().all(|&(n, want)| of(0, n).macs() == want));
}

#[test]
#[should_panic(expected = "more than u64::MAX multiply-adds")]
fn multiply_adds_past_all_integers() {
    Flow { dims: IMAGE, holds: true, params: 0, macs: 1 << 64 }.macs();
}

/// The quick walk and the one that finds who is to blame say the same.
#[test]
fn both_walks_agree() {
    let (half, most) = (1 << (usize::BITS / 2), linear(1, MOST));
    let [wide, past, huge] = [linear(2, MOST), linear(1, MOST + 1), linear(half, half)];
    let fc = linear(108, 2);
    let [conv, other] = [CONV, POOL];
    let long = Spec::Opaque(Dims::vector(MOST + 1));
    let (input, output) = (IMAGE, Dims::vector(2));
    let nodes = [node("flatten", &FLATTEN), node("fc", &fc)];
    let net = Spec::Net { input, output, nodes: &nodes };
    let broken = Spec::Broken(RELATION);
    let copies = |count, body| Spec::Repeat { first: 0, count, body };
    let branch = |join, arms| Spec::Branch { join, arms };
    let alike = [node("a", &RELU), node("b", &RELU)];
    let apart = [node("a", &RELU), node("b", &other)];
    let first_wrong = [node("a", &fc), node("b", &fc)];
    let wide_arm = linear(108, 108);
    let middle_wrong = [node("a", &wide_arm), node("b", &conv), node("c", &FLATTEN)];
    let growing = [node("a", &most), node("b", &most)];
    let tail = [node("long", &long), node("relu", &RELU)];
    let vector = Dims::vector;
    let unknown = Dims::Unknown;
    let rows = [
        (conv, IMAGE, Dims::image(5, 4, 4), true),
        (conv, vector(3), Dims::Image { c: 5, h: UNKNOWN, w: UNKNOWN }, false),
        (net, IMAGE, output, true),
        (net, Dims::image(2, 9, 6), output, false),
        (broken, IMAGE, unknown, false),
        (Spec::Opaque(output), IMAGE, output, true),
        (copies(3, &TWICE), IMAGE, Dims::image(3, 48, 6), true),
        (copies(3, &POOL), IMAGE, Dims::Image { c: 3, h: UNKNOWN, w: UNKNOWN }, false),
        (copies(4096, &RELU), IMAGE, IMAGE, true),
        (copies(4097, &RELU), IMAGE, unknown, false),
        (copies(usize::MAX, &TWICE), IMAGE, unknown, false),
        (branch(Join::Add, &[]), IMAGE, IMAGE, true),
        (branch(Join::Add, &alike), IMAGE, IMAGE, true),
        (branch(Join::Concat, &alike), IMAGE, Dims::image(6, 6, 6), true),
        (branch(Join::Heads, &alike), IMAGE, vector(216), true),
        (branch(Join::Add, &apart), IMAGE, IMAGE, false),
        (branch(Join::Add, &first_wrong), IMAGE, vector(2), false),
        (branch(Join::Concat, &middle_wrong), vector(108), vector(216), false),
        (branch(Join::Add, &growing), vector(1), vector(MOST), true),
        (branch(Join::Concat, &growing), vector(1), vector(2 * MOST), false),
        // As much as memory holds, and more: of values, of a weight.
        (most, vector(1), vector(MOST), true),
        (past, vector(1), vector(MOST + 1), false),
        (wide, vector(2), vector(MOST), false),
        (huge, vector(half), vector(half), false),
        (Spec::Op(Op::Custom(&LONG)), IMAGE, IMAGE, true),
        (Spec::Op(Op::Custom(&TOO_LONG)), IMAGE, IMAGE, false),
        (TWICE, Dims::image(MOST, 1, 1), Dims::image(MOST, 2, 1), false),
        // What has arrived was looked at where it came from.
        (RELU, vector(MOST + 1), vector(MOST + 1), true),
        (Spec::Chain(&tail), IMAGE, vector(MOST + 1), true),
    ];
    for (row, (spec, input, dims, holds)) in rows.iter().enumerate() {
        let quick = flow(spec, *input, true);
        let step = resolve(spec, Path::ROOT, Step { blame: None, ..Step::start(*input) }, true);
        assert_eq!((quick.dims, quick.holds), (*dims, *holds), "row {row}: {spec:?}");
        assert_eq!((step.dims, step.blame.is_none()), (*dims, *holds), "row {row}: {spec:?}");
    }
    assert_eq!(flow_chain(&nodes, IMAGE, true).dims, output);
}

#[test]
fn an_input_is_something_that_fits() {
    for (input, fault) in [
        (IMAGE, None),
        (Dims::vector(MOST), None),
        (Dims::vector(0), Some(Fault::Empty { dims: Dims::vector(0) })),
        (Dims::vector(MOST + 1), Some(Fault::TooLong { dims: Dims::vector(MOST + 1) })),
    ] {
        let start = Step::start(input);
        assert_eq!(start.blame.map(|blame| blame.fault), fault, "{input}");
        assert_eq!((start.dims, at(start.producer)), (input, String::new()));
        // Nobody below is to blame for it.
        let nodes = [node("relu", &RELU), node("fc", const { &linear(9, 9) })];
        let Walk { steps, .. } = steps::<2>(&nodes, input, true);
        if fault.is_some() {
            assert!(steps.iter().all(|step| blamed(step.blame) == blamed(start.blame)), "{input}");
        }
    }
}

#[test]
fn shapes_have_their_producers() {
    let nodes = [node("conv", &CONV), node("relu", &RELU), node("flatten", &FLATTEN)];
    let behind = |n: usize| walk_chain(&nodes[..n]);
    let image = Dims::image(5, 4, 4);
    let seen = |step: Step<'_>| (step.dims, at(step.producer), step.flattened);
    assert_eq!(seen(behind(0)), (IMAGE, String::new(), None));
    assert_eq!(seen(behind(1)), (image, "conv".into(), None));
    assert_eq!(seen(behind(2)), (image, "conv".into(), None));
    // The image that a vector was stays known until something else is made of it.
    let flat = (Dims::vector(80), "conv".to_owned(), Some(image));
    assert_eq!(seen(behind(3)), flat);

    let (input, output) = (Dims::vector(80), Dims::vector(2));
    let (other, fc) = (Dims::vector(81), linear(80, 2));
    let arms = [node("a", &RELU), node("b", &RELU)];
    let net = |input| Spec::Net { input, output, nodes: &[] };
    let unknown = Dims::Unknown;
    for (spec, dims, kept) in [
        (FLATTEN, input, true),
        (RELU, input, true),
        (Spec::Chain(&[]), input, true),
        (net(input), input, true),
        (fc, output, false),
        (net(other), output, false),
        (Spec::Opaque(output), output, false),
        (Spec::Broken(RELATION), unknown, false),
        (Spec::Repeat { first: 0, count: 4097, body: &RELU }, unknown, false),
        (Spec::Branch { join: Join::Add, arms: &arms }, input, false),
    ] {
        let step = resolve(&spec, Path::ROOT.join("last"), behind(3), true);
        let want = if kept { flat.clone() } else { (dims, "last".into(), None) };
        assert_eq!(seen(step), want, "{spec:?}");
    }
    // What cannot be flattened is made anew.
    let long =
        resolve(&FLATTEN, Path::ROOT.join("last"), Step::start(Dims::image(MOST, 9, 1)), true);
    assert_eq!((at(long.producer), long.flattened), ("last".into(), None));
}

fn walk_chain<'a>(nodes: &'a [Node<'a>]) -> Step<'a> {
    nodes.iter().fold(Step::start(IMAGE), |step, node| {
        resolve(node.spec, Path::ROOT.join(node.name), step, true)
    })
}

#[test]
fn the_first_that_does_not_fit_is_to_blame() {
    let (fc, fits) = (linear(7, 7), linear(80, 7));
    let features = |got| Fault::Features { expected: 7, got };
    let copies = Spec::Repeat { first: 1, count: 3, body: &POOL };
    let [conv, pool] = [CONV, POOL];
    let flat = [node("flatten", &FLATTEN), node("fc", &fc)];
    let head = Spec::Chain(&flat);
    let net = Spec::Net { input: Dims::image(5, 5, 5), output: Dims::vector(7), nodes: &[] };
    let arms = |first, other| [node("a", first), node("b", other)];
    let [both, second, apart] = [arms(&head, &fc), arms(&fits, &fc), arms(&RELU, &pool)];
    let third = [node("a", &RELU), node("b", &RELU), node("c", &pool)];
    let sum = |arms| Spec::Branch { join: Join::Add, arms };
    let row = |arms| Spec::Branch { join: Join::Concat, arms };
    let image = Dims::image(5, 4, 4);
    let unfit = |join| Fault::Arms { join, first: image, other: Dims::image(5, 2, 2) };
    let large = Fault::KernelTooLarge { vertical: true, size: 1, span: 2, padded: 1 };
    let rows = [
        (head, Some((features(80), "part.fc", "conv"))),
        (net, Some((Fault::Shape { expected: Dims::image(5, 5, 5), got: image }, "part", "conv"))),
        (Spec::Broken(RELATION), Some((Fault::Relation(RELATION), "part", "conv"))),
        (copies, Some((large, "part.3", "part.2"))),
        (
            Spec::Repeat { first: 0, count: 4097, body: &RELU },
            Some((Fault::Copies { count: 4097 }, "part", "conv")),
        ),
        // Of two arms that are wrong the first; of arms that differ the other.
        (sum(&both), Some((features(80), "part.a.fc", "conv"))),
        (sum(&apart), Some((unfit(Join::Add), "part.b", "part.a"))),
        (row(&third), Some((unfit(Join::Concat), "part.c", "part.a"))),
        (sum(&second), Some((Fault::NotFlattened { got: image }, "part.a", "conv"))),
        (Spec::Chain(&[]), None),
    ];
    for (spec, want) in rows {
        let want = want.map(|(fault, path, producer)| (fault, path.into(), producer.into()));
        let nodes = [node("conv", &conv), node("part", &spec), node("late", &fits)];
        let step = walk_chain(&nodes[..2]);
        assert_eq!(blamed(step.blame), want, "{spec:?}");
        // What comes later does not change it.
        if want.is_some() {
            assert_eq!(blamed(walk_chain(&nodes).blame), want, "{spec:?}");
        }
    }
    // All that is joined is too long for memory, though no arm is.
    let half = linear(1, MOST);
    let arms = arms(&half, &half);
    let long = Fault::TooLong { dims: Dims::vector(2 * MOST) };
    let spec = row(&arms);
    let blame = walk(&spec, Dims::vector(1)).blame;
    assert_eq!(blamed(blame), Some((long, String::new(), "a".into())));
    let nodes = [node("conv", &conv), node("head", &head)];
    let blame = walk_chain(&nodes).blame;
    assert_eq!(blame.and_then(|blame| blame.flattened), Some(image));
}

#[test]
fn each_step_has_what_is_wrong_in_its_own_part() {
    let [conv, fc] = [CONV, linear(7, 7)];
    let right = [node("conv", &conv), node("relu", &RELU), node("flatten", &FLATTEN)];
    let image = Dims::image(5, 4, 4);
    let Walk { steps: all, flow } = steps::<3>(&right, IMAGE, true);
    assert_eq!(all.map(|step| step.dims), [image, image, Dims::vector(80)]);
    // (Who made what is looked for only where something is wrong.)
    assert!(all.iter().all(|step| step.blame.is_none() && step.producer.is_root()));
    assert_eq!((flow.dims, flow.holds, flow.params), (Dims::vector(80), true, 140));

    let wrong = [right[0], right[2], node("fc", &fc), node("again", &conv)];
    let Walk { steps: all, flow } = steps::<4>(&wrong, IMAGE, true);
    let features = (Fault::Features { expected: 7, got: 80 }, "fc".into(), "conv".into());
    let vector = (Fault::NeedsImage { got: Dims::vector(7) }, "again".into(), "fc".into());
    let want = [None, None, Some(features), Some(vector)];
    assert_eq!(all.map(|step| blamed(step.blame)), want);
    assert!(!flow.holds);

    // More room than parts, and less.
    let Walk { steps: all, .. } = steps::<6>(&wrong, IMAGE, true);
    assert_eq!(all.map(|step| step.blame.is_some()), [false, false, true, true, false, false]);
    assert_eq!(all[5].dims, IMAGE);
    let Walk { steps: all, flow } = steps::<3>(&wrong, IMAGE, true);
    assert_eq!(all.map(|step| step.blame.is_some()), [false, false, true]);
    assert_eq!(flow.dims, Dims::vector(7));
    let Walk { steps: all, .. } = steps::<5>(&right, IMAGE, true);
    assert_eq!(all[2].dims, Dims::vector(80));
}

#[test]
fn chains_and_networks_have_parts() {
    let nodes = [node("relu", &RELU)];
    let net = Spec::Net { input: IMAGE, output: IMAGE, nodes: &nodes };
    for spec in [Spec::Chain(&nodes), net] {
        assert_eq!(spec.nodes().iter().map(|node| node.name).collect::<Vec<_>>(), ["relu"]);
    }
    for spec in [RELU, Spec::Branch { join: Join::Add, arms: &nodes }] {
        assert!(spec.nodes().is_empty());
    }
}
