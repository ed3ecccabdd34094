//! Convolutions that run as one with the depthwise one behind them, and the 1×1 one
//! behind that.

use super::*;
use typenet::spec::Activation;

/// The case with so many convolutions in a cascade on every set, by one thread and by
/// several, and one by one when a kernel is forced.
fn check(name: &str, spec: &Spec<'static>, input: Dims, convolutions: usize) {
    let case = Case::integers(name, spec, input, 4);
    case.check_exact(None);
    let alone = case.plan(&Options { force: Some(ConvKernel::Direct), ..Options::default() });
    let want = alone.run(&case.input);
    assert!(!alone.to_string().contains("cascade"), "{alone}");
    for isa in Isa::available() {
        for threads in [1, 2, 5] {
            let threads = Some(threads);
            let options =
                Options { isa: Some(isa), threads, parallel_macs: 0, ..Options::default() };
            let plan = case.plan(&options);
            let table = plan.to_string();
            let found = match table.lines().find(|line| line.contains("cascade")) {
                Some(line) => {
                    if line.contains("pointwise") {
                        3
                    } else {
                        2
                    }
                }
                None => 0,
            };
            assert_eq!(found, convolutions, "{name} on {isa}\n{table}");
            assert_eq!(plan.run(&case.input), want, "{name} on {isa}\n{table}");
        }
    }
}

/// A pool, a convolution, a depthwise one.
fn pair(first: Spec<'static>, second: Spec<'static>) -> Spec<'static> {
    chain(vec![("pool", max_pool(1, 1, 0)), ("first", first), ("relu", relu()), ("second", second)])
}

fn depthwise(c: usize, k: usize, s: usize, p: usize) -> Spec<'static> {
    grouped(c, c, c, k, s, p)
}

#[test]
fn pairs_of_every_size() {
    for c in [2, 15, 16, 17, 33, 70] {
        for (h, w) in [(1, 1), (2, 3), (7, 7), (13, 29)] {
            let image = Dims::image(5, h, w);
            check("size", &pair(conv(5, c, 1, 1, 0), depthwise(c, 3, 1, 1)), image, 2);
        }
    }
}

#[test]
fn pairs_of_every_kind() {
    let kinds = [
        axis(3, 1, (1, 1), 1),
        axis(3, 2, (0, 1), 1),
        axis(5, 2, (2, 2), 1),
        axis(3, 1, (2, 2), 2),
        axis(2, 3, (0, 0), 1),
        axis(1, 2, (0, 0), 1),
        axis(7, 1, (3, 0), 1),
        axis(3, 1, (5, 4), 1),
    ];
    for h in kinds {
        for w in kinds {
            let spec = pair(conv(3, 19, 1, 1, 0), odd(19, 19, 19, h, w));
            check("kinds", &spec, Dims::image(3, 17, 15), 2);
        }
    }
    for first in [conv(3, 20, 3, 2, 1), conv(3, 20, 2, 1, 1), conv(3, 20, 5, 3, 0)] {
        check("first", &pair(first, depthwise(20, 3, 1, 1)), Dims::image(3, 17, 15), 2);
        // From the planes of the network's input.
        let spec = chain(vec![("first", first), ("second", depthwise(20, 3, 2, 1))]);
        check("planes", &spec, Dims::image(3, 17, 15), 2);
    }
}

#[test]
fn rows_in_several_bands() {
    for (k, s, p) in [(3, 1, 1), (3, 2, 1), (5, 1, 2), (2, 3, 0), (9, 1, 4)] {
        let spec = pair(conv(4, 66, 1, 1, 0), depthwise(66, k, s, p));
        check("bands", &spec, Dims::image(4, 61, 75), 2);
    }
    // So wide that a bunch has two blocks and no band has more rows than a window.
    let spec = pair(conv(2, 35, 1, 1, 0), depthwise(35, 3, 1, 1));
    check("wide", &spec, Dims::image(2, 9, 900), 2);
}

/// Several threads have bands so low that the first of them see nothing but padding.
#[test]
fn bands_of_padding_alone() {
    let (h, w) = (axis(1, 3, (5, 1), 1), axis(2, 1, (1, 1), 2));
    let spec = pair(conv(24, 24, 1, 1, 0), odd(24, 24, 24, h, w));
    check("padding", &spec, Dims::image(24, 15, 13), 2);
}

/// With a projection, the sum behind it, and an activation.
fn block(c: usize, inner: usize, (k, s, p): (usize, usize, usize)) -> Spec<'static> {
    let arm = chain(vec![
        ("expand", conv(c, inner, 1, 1, 0)),
        ("relu1", relu()),
        ("depthwise", depthwise(inner, k, s, p)),
        ("relu2", relu()),
        ("project", conv(inner, c, 1, 1, 0)),
    ]);
    let whole = if s == 1 { branch(Join::Add, vec![arm, chain(vec![])]) } else { arm };
    chain(vec![("pool", max_pool(1, 1, 0)), ("block", whole), ("relu", relu())])
}

#[test]
fn blocks_in_shares_of_rows() {
    for (c, inner) in [(4, 40), (18, 80)] {
        for window in [(3, 1, 1), (5, 1, 2), (3, 2, 1)] {
            let side = if window.1 == 2 { 130 } else { 75 };
            check("block", &block(c, inner, window), Dims::image(c, side, side - 4), 3);
        }
    }
    // Small enough for the cache: the projection is by itself.
    check("small", &block(6, 40, (3, 1, 1)), Dims::image(6, 9, 8), 2);
}

/// Behind the depthwise one, a convolution is a projection only pixel by pixel and to
/// fewer channels.
#[test]
fn what_is_no_projection_is_by_itself() {
    let lasts = [
        ("stride", conv(40, 7, 1, 2, 0)),
        ("padding", conv(40, 7, 1, 1, 1)),
        ("window", conv(40, 7, 2, 1, 0)),
        ("groups", grouped(40, 8, 2, 1, 1, 0)),
        ("more channels", conv(40, 60, 1, 1, 0)),
        ("projection", conv(40, 7, 1, 1, 0)),
    ];
    for (name, last) in lasts {
        let spec = chain(vec![
            ("pair", pair(conv(3, 40, 1, 1, 0), depthwise(40, 3, 1, 1))),
            ("last", last),
        ]);
        let convolutions = if name == "projection" { 3 } else { 2 };
        check(name, &spec, Dims::image(3, 57, 56), convolutions);
    }
}

/// A sum is made as a whole, and a projection is the end of its cascade.
#[test]
fn what_ends_a_cascade() {
    let sum = branch(Join::Add, vec![conv(20, 20, 1, 1, 0), chain(vec![])]);
    let spec =
        chain(vec![("pool", max_pool(1, 1, 0)), ("sum", sum), ("deep", depthwise(20, 3, 1, 1))]);
    check("behind a sum", &spec, Dims::image(20, 9, 8), 0);
    let spec = chain(vec![
        ("pair", pair(conv(3, 40, 1, 1, 0), depthwise(40, 3, 1, 1))),
        ("project", conv(40, 7, 1, 1, 0)),
        ("deep", depthwise(7, 3, 1, 1)),
    ]);
    check("behind a projection", &spec, Dims::image(3, 57, 56), 3);
}

/// What the naive engine gives, on every set: to the bit, or with an L2 error of `most`
/// times the norm.
fn check_naive(case: &Case, most: f64) {
    let params: Vec<&[f32]> = case.params.iter().map(Vec::as_slice).collect();
    let want = typenet::naive::run(&case.graph, &params, &case.input, |_, _, _| {}).unwrap();
    for isa in Isa::available() {
        let plan = case.plan(&Options { isa: Some(isa), ..Options::default() });
        let (mut error, mut norm) = (0.0, 0.0);
        for (&want, got) in want.iter().zip(plan.run(&case.input)) {
            if want != got && !(want.is_nan() && got.is_nan()) {
                error += f64::from(want - got).powi(2);
            }
            norm += if want.is_finite() { f64::from(want).powi(2) } else { 0.0 };
        }
        assert!(norm > 0.0 && error.sqrt() <= most * norm.sqrt(), "{} on {isa}\n{plan}", case.name);
    }
}

#[test]
fn activations_between() {
    let three = [
        (Activation::Relu6, Activation::Clip { min: -9.0, max: 30.0 }, 0.0),
        (Activation::LeakyRelu { slope: 0.5 }, Activation::Relu, 0.0),
        (Activation::Silu, Activation::HardSwish, 1e-6),
    ];
    for (first, second, most) in three {
        for side in [8, 80] {
            let spec = chain(vec![
                ("pool", max_pool(1, 1, 0)),
                ("expand", conv(3, 40, 1, 1, 0)),
                ("first", op(Op::Activation(first))),
                ("depthwise", depthwise(40, 3, 1, 1)),
                ("second", op(Op::Activation(second))),
                ("project", conv(40, 7, 1, 1, 0)),
                ("third", op(Op::Activation(first))),
            ]);
            let case = Case::integers("between", &spec, Dims::image(3, side, side - 1), 3);
            assert!(case.plan(&Options::default()).to_string().contains("cascade"));
            check_naive(&case, most);
        }
    }
}

#[test]
fn a_value_that_others_read_is_whole() {
    let shared = |inner: Spec<'static>| {
        chain(vec![
            ("pool", max_pool(1, 1, 0)),
            ("first", conv(3, 20, 1, 1, 0)),
            ("sum", branch(Join::Add, vec![inner, chain(vec![])])),
        ])
    };
    check("read twice", &shared(depthwise(20, 3, 1, 1)), Dims::image(3, 9, 8), 0);
    let joined = branch(
        Join::Concat,
        vec![pair(conv(32, 32, 1, 1, 0), depthwise(32, 3, 1, 1)), conv(32, 16, 3, 1, 1)],
    );
    let spec = chain(vec![("joined", joined), ("last", conv(48, 5, 3, 1, 1))]);
    check("joined", &spec, Dims::image(32, 9, 8), 2);
    let residual =
        branch(Join::Add, vec![pair(conv(9, 9, 1, 1, 0), depthwise(9, 3, 1, 1)), chain(vec![])]);
    check(
        "a sum",
        &chain(vec![("p", max_pool(1, 1, 0)), ("sum", residual)]),
        Dims::image(9, 9, 8),
        2,
    );
}

#[test]
fn an_infinite_weight_meets_no_padding() {
    let spec = pair(conv(3, 20, 1, 1, 0), depthwise(20, 3, 1, 1));
    let mut case = Case::integers("infinite", &spec, Dims::image(3, 6, 7), 3);
    case.params[2][4] = f32::INFINITY;
    check_naive(&case, 0.0);
}
