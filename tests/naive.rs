//! The naive engine against an oracle that shares nothing with it, and the
//! size rule against counting.

#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, clippy::print_stdout)]

mod support;

use std::collections::BTreeSet;

use support::cases::{self, Case, RELU, axis, branch, chain, conv, same, square};
use support::{check, check_special, oracle};
use typenet::element::Element;
use typenet::graph::Graph;
use typenet::naive;
use typenet::spec::{
    Axis, Call, CustomKernel, CustomOp, Dims, Extent, Join, Misfit, Op, Padding, Pool, ShapeRule,
    Spec, Window,
};

// Other engines lack cases; this one has them all.
#[allow(clippy::unnecessary_wraps)]
fn run<T: Element>(case: &Case, input: &[T], params: &[&[T]]) -> Option<Vec<T>> {
    Some(naive::run(&case.graph(), params, input, |_, _, _| {}).unwrap())
}

/// Runs one operator without parameters.
fn run_op<T: Element>(op: Op, dims: Dims, input: &[T]) -> Vec<T> {
    let graph = Graph::new(&Spec::Op(op), dims).unwrap();
    naive::run(&graph, &[], input, |_, _, _| {}).unwrap()
}

#[test]
fn f32_passes_the_table() {
    let tally = check::<f32>("naive f32", run);
    assert_eq!((tally.skipped, tally.ran), (0, 2 * cases::table().len()));
}

#[test]
fn f64_passes_the_table() {
    check::<f64>("naive f64", run);
}

#[test]
fn special_values_are_the_oracles_in_f32() {
    check_special::<f32>("naive f32", run);
}

#[test]
fn special_values_are_the_oracles_in_f64() {
    check_special::<f64>("naive f64", run);
}

#[test]
fn shapes_are_the_oracles() {
    for case in cases::table() {
        let graph = case.graph();
        let zeros: Vec<f64> = vec![0.0; graph.input().elements().unwrap()];
        let params: Vec<Vec<f64>> =
            graph.params().iter().map(|param| vec![0.0; param.len()]).collect();
        let input = oracle::Tensor::input(case.input, &zeros);
        let output = oracle::evaluate(&case.spec, &input, &mut params.iter());
        let [c, h, w] = output.shape;
        let dims = match graph.output_dims() {
            Dims::Vector(_) => Dims::vector(c * h * w),
            _ => Dims::image(c, h, w),
        };
        assert_eq!(graph.output_dims(), dims, "{}", case.name);
    }
}

/// Each pixel reaches the windows whose taps hold it, and no other.
#[test]
fn nan_goes_where_its_window_reaches() {
    let (h, w) = (axis(2, 2, 1, 2), axis(3, 1, 2, 1));
    let window = Window { h, w };
    let pool = Pool { window, include_pad: true };
    let dims = Dims::image(1, 5, 4);
    let layers =
        [conv(1, 1, window, 1), Spec::Op(Op::MaxPool2d(pool)), Spec::Op(Op::AvgPool2d(pool))];
    for spec in layers {
        let graph = Graph::new(&spec, dims).unwrap();
        let params: Vec<Vec<f32>> =
            graph.params().iter().map(|param| vec![1.0; param.len()]).collect();
        let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
        for at in 0..20 {
            let mut input = [1.0_f32; 20];
            input[at] = f32::NAN;
            let output = naive::run(&graph, &params, &input, |_, _, _| {}).unwrap();
            let nans: BTreeSet<usize> =
                (0..output.len()).filter(|&index| output[index].is_nan()).collect();
            assert_eq!(nans, reach(window, (5, 4), (at / 4, at % 4)), "{spec:?} at {at}");
        }
    }
}

/// The windows with a tap on `pixel`.
fn reach(window: Window, size: (usize, usize), pixel: (usize, usize)) -> BTreeSet<usize> {
    let hit = |axis: Axis, n: usize, pixel: usize| -> Vec<bool> {
        let (before, _) = oracle::padding(axis, n);
        let taps = |start| (0..axis.kernel).map(move |tap| start + tap * axis.dilation);
        let starts = oracle::starts(axis, n);
        starts.into_iter().map(|start| taps(start).any(|tap| tap == pixel + before)).collect()
    };
    let (rows, columns) = (hit(window.h, size.0, pixel.0), hit(window.w, size.1, pixel.1));
    let all = (0..rows.len() * columns.len()).collect::<BTreeSet<_>>();
    let hit = |index: &usize| rows[index / columns.len()] && columns[index % columns.len()];
    all.into_iter().filter(hit).collect()
}

#[test]
fn an_infinite_weight_over_padding_gives_no_nan() {
    // Three taps, of which the outer two see padding only.
    let spec = conv(1, 1, square(3, 1, 1, 1), 1);
    let graph = Graph::new(&spec, Dims::image(1, 1, 1)).unwrap();
    let mut weight = [f32::INFINITY; 9];
    weight[4] = 2.0;
    let output = naive::run(&graph, &[&weight, &[0.5]], &[3.0], |_, _, _| {}).unwrap();
    assert_eq!(output, [6.5]);
}

#[test]
fn relu_keeps_nan_and_the_sign_of_zero() {
    let Spec::Op(op) = RELU else { panic!("an operator") };
    let input = [f32::NAN, -0.0, 0.0, f32::INFINITY, f32::NEG_INFINITY, -1e-45, 1e-45];
    let output = run_op(op, Dims::vector(7), &input);
    assert!(output[0].is_nan());
    let bits: Vec<u32> = output[1..].iter().map(|x| x.to_bits()).collect();
    assert_eq!(bits, [-0.0, 0.0, f32::INFINITY, 0.0, 0.0, 1e-45_f32].map(f32::to_bits));
}

#[test]
fn max_pool_never_sees_its_padding() {
    let pool = |window| Op::MaxPool2d(Pool { window, include_pad: false });
    let padded = pool(square(3, 1, 1, 1));
    let infinity = f32::INFINITY;
    assert_eq!(run_op(padded, Dims::image(1, 1, 2), &[-5.0, -7.0_f32]), [-5.0, -5.0]);
    assert_eq!(run_op(padded, Dims::image(1, 1, 2), &[-infinity; 2]), [-infinity; 2]);
    assert!(run_op(padded, Dims::image(1, 1, 2), &[f32::NAN; 2]).iter().all(|x| x.is_nan()));
    // Both taps of a dilated window can miss an image of one pixel.
    let missed = pool(square(2, 1, 1, 2));
    assert_eq!(run_op(missed, Dims::image(1, 1, 1), &[4.0_f32]), [-infinity]);
    // Of −0 and +0 the earlier stays.
    let pair = pool(Window { h: axis(1, 1, 0, 1), w: axis(2, 1, 0, 1) });
    let zeros = run_op(pair, Dims::image(1, 1, 3), &[0.0, -0.0, 0.0_f32]);
    assert_eq!(
        [0.0_f32, -0.0].map(f32::to_bits)[..],
        zeros.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
    );
}

#[test]
fn averages_count_their_taps() {
    let pool = |window, include_pad| Op::AvgPool2d(Pool { window, include_pad });
    let row = |axis| Window { h: Axis::new(1, 1, 0), w: axis };
    let padded = row(axis(2, 1, 1, 1));
    let dims = Dims::image(1, 1, 2);
    assert_eq!(run_op(pool(padded, false), dims, &[4.0, 8.0_f32]), [4.0, 6.0, 8.0]);
    assert_eq!(run_op(pool(padded, true), dims, &[4.0, 8.0_f32]), [2.0, 6.0, 4.0]);
    // A last window over the edge: 3 taps, of which 2 lie on the padded input
    // and 1 on the input.
    let over = row(cases::ceil(axis(3, 3, 1, 1)));
    let dims = Dims::image(1, 1, 3);
    assert_eq!(run_op(pool(over, false), dims, &[4.0, 8.0, 6.0_f32]), [6.0, 6.0]);
    assert_eq!(run_op(pool(over, true), dims, &[4.0, 8.0, 6.0_f32]), [4.0, 3.0]);
    // A window that misses the image.
    let missed = pool(square(2, 1, 1, 2), false);
    assert_eq!(run_op(missed, Dims::image(1, 1, 1), &[4.0_f32]), [0.0]);
}

#[test]
fn softmax_at_the_edges() {
    let run = |input: &[f32]| run_op(Op::Softmax, Dims::vector(input.len()), input);
    let infinity = f32::INFINITY;
    assert_eq!(run(&[1e4, -1e4]), [1.0, 0.0]);
    assert_eq!(run(&[f32::MAX, f32::MAX]), [0.5, 0.5]);
    assert_eq!(run(&[-3.0; 4]), [0.25; 4]);
    assert_eq!(run(&[2.0, -infinity]), [1.0, 0.0]);
    assert!(run(&[-infinity; 2]).iter().all(|x| x.is_nan()));
    assert!(run(&[2.0, infinity]).iter().all(|x| x.is_nan()));
    assert!(run(&[2.0, f32::NAN, 3.0]).iter().all(|x| x.is_nan()));
    // One pixel's NaN is no other's business.
    let image = run_op(Op::Softmax, Dims::image(2, 1, 2), &[f32::NAN, 1.0, 0.0, 1.0]);
    assert!(image[0].is_nan() && image[2].is_nan());
    assert_eq!([image[1], image[3]], [0.5, 0.5]);
}

#[test]
fn branches_join_their_arms_in_order() {
    let weights: [&[f32]; 2] = [&[10.0], &[1.0]];
    let times_ten = || conv(1, 1, square(1, 1, 0, 1), 1);
    let run = |join, arms| {
        let graph = Graph::new(&branch(join, arms), Dims::image(1, 1, 2)).unwrap();
        naive::run(&graph, &weights, &[1.0, 2.0], |_, _, _| {}).unwrap()
    };
    let empty = || chain(vec![]);
    assert_eq!(run(Join::Add, vec![times_ten(), empty()]), [12.0, 23.0]);
    assert_eq!(run(Join::Add, vec![empty(), empty(), times_ten()]), [13.0, 25.0]);
    assert_eq!(run(Join::Concat, vec![times_ten(), empty()]), [11.0, 21.0, 1.0, 2.0]);
    assert_eq!(run(Join::Concat, vec![empty(), times_ten()]), [1.0, 2.0, 11.0, 21.0]);
}

/// A layer of a user: x ↦ factor · x.
struct Scale;

impl CustomKernel for Scale {
    fn run_f32(&self, call: Call<'_, f32>) {
        for (out, x) in call.output.iter_mut().zip(call.input) {
            *out = call.params[0][0] * x;
        }
    }

    fn run_f64(&self, _: Call<'_, f64>) {
        panic!("this test runs in single precision");
    }
}

static SCALE: CustomOp = CustomOp {
    name: "Scale",
    rule: ShapeRule::Same,
    params: &[typenet::spec::ParamSpec::constant("factor", typenet::spec::ParamDims::d1(1), 1)],
    macs_per_output: 0,
    kernel: &Scale,
};

#[test]
fn taps_see_every_node_and_custom_layers_run() {
    let spec = chain(vec![conv(1, 1, square(1, 1, 0, 1), 1), Spec::Op(Op::Custom(&SCALE)), RELU]);
    let graph = Graph::new(&spec, Dims::image(1, 1, 2)).unwrap();
    let mut seen = vec![];
    let tap = |node: &typenet::graph::GraphNode, dims: Dims, values: &[f32]| {
        seen.push((node.name.clone(), dims.to_string(), values.to_vec()));
    };
    let output = naive::run(&graph, &[&[1.0], &[1.0], &[5.0]], &[-3.0, 1.0], tap).unwrap();
    assert_eq!(output, [0.0, 10.0]);
    let wanted = [("0", [-2.0, 2.0]), ("1", [-10.0, 10.0]), ("2", [0.0, 10.0])];
    let wanted = wanted.map(|(name, values)| (name.into(), "1×1×2".into(), values.to_vec()));
    assert_eq!(seen, wanted);
}

#[test]
fn wrong_lengths_are_told_and_nothing_runs() {
    let spec = conv(1, 1, square(1, 1, 0, 1), 1);
    let graph = Graph::new(&spec, Dims::image(1, 1, 2)).unwrap();
    let run = |graph: &Graph, params: &[&[f32]], input: &[f32]| {
        let tap = |_: &_, _, _: &[f32]| panic!("nothing may run");
        naive::run(graph, params, input, tap).unwrap_err().to_string()
    };
    let (one, two): (&[f32], &[f32]) = (&[1.0], &[1.0, 2.0]);
    let text = run(&graph, &[one, one], one);
    assert_eq!(text, "a tensor of 1×1×2 holds 2 values, but 1 were given");
    assert_eq!(run(&graph, &[one], two), "the network has 2 parameters, but 1 were given");
    assert_eq!(run(&graph, &[one; 3], two), "the network has 2 parameters, but 3 were given");
    assert_eq!(run(&graph, &[two, one], two), "`weight` holds 1 values, but 2 were given");
    assert_eq!(run(&graph, &[one, &[]], two), "`bias` holds 1 values, but 0 were given");

    let open = Dims::Image { c: 1, h: Extent::Dyn, w: Extent::Fixed(2) };
    let graph = Graph::new(&spec, open).unwrap();
    let text = run(&graph, &[one, one], two);
    assert_eq!(text, "the input is 1×Dyn×2: a run needs every size (see `Graph::sized`)");
    let sized = graph.sized(Dims::image(1, 1, 2)).unwrap();
    assert_eq!(naive::run(&sized, &[one, one], two, |_, _, _| {}).unwrap(), [2.0, 3.0]);
}

#[test]
fn an_empty_input_is_refused() {
    for (dims, text) in [
        (Dims::image(2, 0, 3), "the input 2×0×3 is empty; every size must be at least 1"),
        (Dims::vector(0), "the input 0 is empty; every size must be at least 1"),
    ] {
        assert_eq!(Graph::new(&RELU, dims).unwrap_err().to_string(), text);
    }
}

#[test]
fn the_size_rule_is_counting_windows() {
    let mut checked = 0;
    for kernel in 1..=5 {
        for stride in 1..=4 {
            for dilation in 1..=3 {
                for axis in axes(kernel, stride, dilation) {
                    for n in 1..=9 {
                        let counted = oracle::starts(axis, n).len();
                        let (before, after) = oracle::padding(axis, n);
                        let padded = before + n + after;
                        let span = dilation * (kernel - 1) + 1;
                        let out = if counted > 0 {
                            Ok(counted)
                        } else {
                            Err(Misfit::KernelTooLarge { span, padded })
                        };
                        assert_eq!(axis.out(n), out, "{axis:?} on {n}");
                        assert_eq!(axis.pads(n), Ok((before, after)), "{axis:?} on {n}");
                        assert_eq!(axis.dropped(n), unread(axis, n), "{axis:?} on {n}");
                        checked += 1;
                    }
                }
            }
        }
    }
    println!("{checked} combinations");
    assert!(checked >= 2000);
}

/// Pixels of `n` behind the last tap of the last window; 0 where there is none.
fn unread(axis: Axis, n: usize) -> usize {
    let (before, _) = oracle::padding(axis, n);
    let last =
        oracle::starts(axis, n).last().map(|start| start + axis.dilation * (axis.kernel - 1));
    last.map_or(0, |last| (0..n).filter(|pixel| pixel + before > last).count())
}

/// The padding that keeps the size does so, for every kernel, stride and dilation, and
/// an odd pixel goes behind.
#[test]
fn padding_that_keeps() {
    for kernel in 1..8 {
        for stride in 1..5 {
            for dilation in 1..4 {
                for n in 1..40 {
                    let axis = axis(kernel, stride, 0, dilation);
                    let (before, after) = axis.keeping(n).unwrap();
                    let padding = Padding::Explicit { before, after };
                    assert_eq!(Axis { padding, ..axis }.out(n), Ok(n), "{axis:?} {n}");
                    assert!(after == before || after == before + 1, "{axis:?} {n}");
                }
            }
        }
    }
    assert_eq!(axis(0, 1, 0, 1).keeping(5), None);
    assert_eq!(axis(3, usize::MAX, 0, 1).keeping(5), None);
}

#[test]
fn a_window_is_padded_if_an_axis_is() {
    let window = |h, w| Window { h, w };
    let (bare, same) = (axis(3, 1, 0, 1), same(1, 1, 1, false));
    assert!(!Window::square(bare).is_padded());
    for (before, after) in [(1, 0), (0, 1), (2, 2)] {
        let padded = Axis { padding: Padding::Explicit { before, after }, ..bare };
        assert!(window(padded, bare).is_padded() && window(bare, padded).is_padded());
    }
    assert!(window(same, bare).is_padded() && window(bare, same).is_padded());
}

/// Numbers that are 0, and numbers at the end of `usize`.
#[test]
fn the_size_rule_at_its_edges() {
    const MAX: usize = usize::MAX;
    let explicit =
        |axis: Axis, before, after| Axis { padding: Padding::Explicit { before, after }, ..axis };
    let zeros = [
        (axis(0, 1, 0, 1), Misfit::ZeroKernel),
        (axis(3, 0, 0, 1), Misfit::ZeroStride),
        (axis(3, 1, 0, 0), Misfit::ZeroDilation),
        (axis(0, 0, 0, 0), Misfit::ZeroKernel),
        (axis(3, 0, 0, 0), Misfit::ZeroDilation),
        (same(0, 1, 1, false), Misfit::ZeroKernel),
        (same(3, 0, 1, true), Misfit::ZeroStride),
        (same(3, 1, 0, false), Misfit::ZeroDilation),
    ];
    for (axis, misfit) in zeros {
        for n in [0, 1, 9, MAX] {
            assert_eq!(axis.out(n), Err(misfit), "{axis:?} on {n}");
        }
        for extent in [Extent::Dyn, Extent::Unknown, Extent::Fixed(9)] {
            assert_eq!(axis.out_extent(extent), Err(misfit), "{axis:?}");
        }
    }
    assert_eq!(same(3, 0, 1, false).pads(9), Err(Misfit::ZeroStride));
    assert_eq!(same(3, 2, 1, false).pads(0), Ok((1, 2)));
    assert_eq!(same(3, 2, 1, true).pads(0), Ok((2, 1)));

    // The largest span there is, and one more.
    assert_eq!(axis(MAX, 1, 0, 1).span(), Ok(MAX));
    assert_eq!(axis(2, 1, 0, MAX - 1).span(), Ok(MAX));
    assert_eq!(axis(2, 1, 0, MAX).span(), Err(Misfit::Overflow));
    assert_eq!(axis(3, 1, 0, MAX / 2 + 1).span(), Err(Misfit::Overflow));
    assert_eq!(axis(MAX, 1, 0, 1).out(MAX), Ok(1));
    assert_eq!(axis(2, 1, 0, MAX).out(9), Err(Misfit::Overflow));
    assert_eq!(axis(2, 1, 0, MAX).out_extent(Extent::Dyn), Err(Misfit::Overflow));
    assert_eq!(same(MAX, 1, 1, false).out(2), Err(Misfit::Overflow));
    assert_eq!(same(MAX, 1, 1, false).pads(1), Ok((MAX / 2, MAX / 2)));

    // The largest padded size there is, and one more.
    let one = axis(1, 1, 0, 1);
    assert_eq!(explicit(one, MAX - 3, 1).out(2), Ok(MAX));
    assert_eq!(explicit(one, MAX - 3, 2).out(2), Err(Misfit::Overflow));
    assert_eq!(explicit(one, MAX - 1, 0).out(2), Err(Misfit::Overflow));
    assert_eq!(explicit(cases::ceil(axis(1, MAX, 0, 1)), 1, MAX - 3).out(2), Ok(1));
    assert_eq!(cases::ceil(axis(2, MAX - 1, 0, 1)).out(MAX), Ok(2));

    // No pixel, no window, whatever is padded on.
    let nothing = Err(Misfit::KernelTooLarge { span: 3, padded: 8 });
    assert_eq!(explicit(axis(3, 1, 0, 1), 4, 4).out(0), nothing);
    let nothing = Err(Misfit::KernelTooLarge { span: 1, padded: MAX });
    assert_eq!(explicit(one, MAX - 1, 1).out(0), nothing);
    assert_eq!(axis(3, 1, 0, 1).out_extent(Extent::Fixed(9)), Ok(Extent::Fixed(7)));
    assert_eq!(axis(3, 1, 0, 1).out_extent(Extent::Dyn), Ok(Extent::Dyn));
    assert_eq!(axis(3, 1, 0, 1).out_extent(Extent::Unknown), Ok(Extent::Unknown));
    // A padding that no size has room for is found when the size is known.
    assert_eq!(explicit(one, MAX, MAX).out_extent(Extent::Dyn), Ok(Extent::Dyn));
    let window = Window { h: axis(MAX, 1, 0, 1), w: axis(3, 1, 0, 1) };
    assert_eq!((window.taps(), square(3, 1, 1, 1).taps()), (MAX, 9));
}

/// Found by fuzzing: taps on padding were looked at one by one.
#[test]
fn windows_far_larger_than_the_image() {
    for (case, want) in cases::far_table() {
        let (input, params) = cases::far_numbers(&case);
        let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
        assert_eq!(run(&case, &input, &params), Some(want), "{}", case.name);
    }
}

/// Explicit paddings and both SAMEs, with and without `ceil`.
fn axes(kernel: usize, stride: usize, dilation: usize) -> Vec<Axis> {
    let explicit = |(before, after)| Axis {
        padding: Padding::Explicit { before, after },
        ..axis(kernel, stride, 0, dilation)
    };
    let mut axes: Vec<Axis> =
        [(0, 0), (1, 1), (2, 0), (0, 3), (4, 5), (7, 7)].map(explicit).to_vec();
    axes.extend([false, true].map(|lower| same(kernel, stride, dilation, lower)));
    axes.iter().flat_map(|&axis| [axis, cases::ceil(axis)]).collect()
}
