//! Random networks: shapes, counts, receptive fields and memory are those that plain
//! counting finds, and the engines agree.
//!
//! A network is drawn as a tree of numbers without meaning ([`Seed`]), which shrink
//! well, and built with the shape in hand: what does not fit is left out. Everything
//! is expected of loops over windows, taps and cells, written without the crate's
//! formulas.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use typenet::AnyModel;
use typenet::blocked::{Memory, Options, Plan};
use typenet::explain::Summary;
use typenet::explain::receptive_field::pixels;
use typenet::graph::{Graph, GraphNode, NodeKind, Source};
use typenet::isa::Isa;
use typenet::spec::{
    Activation, Axis, BatchNorm2d, Conv2d, Dims, Extent, Join, Linear, Node, Op, Padding, Pool,
    Resize, Spec, Upsample, Window, macs, output, params,
};

/// A part of a network before its numbers are made to fit.
#[derive(Clone, Debug)]
enum Seed {
    Window { kind: u8, h: [u8; 5], w: [u8; 5], channels: u8 },
    Other(u8),
    Branch { join: bool, body: Vec<Seed>, other: Vec<Seed>, identity: bool },
    Repeat { count: u8, body: Vec<Seed> },
}

fn seeds() -> impl Strategy<Value = Vec<Seed>> {
    let axis = prop::array::uniform5(any::<u8>());
    let window = (0..4_u8, axis, prop::array::uniform5(any::<u8>()), any::<u8>())
        .prop_map(|(kind, h, w, channels)| Seed::Window { kind, h, w, channels });
    let leaf = prop_oneof![3 => window, 1 => (0..6_u8).prop_map(Seed::Other)];
    let part = leaf.prop_recursive(3, 12, 3, |inner| {
        let chain = || prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            (any::<bool>(), chain(), chain(), any::<bool>()).prop_map(
                |(join, body, other, identity)| Seed::Branch { join, body, other, identity }
            ),
            (1..4_u8, chain()).prop_map(|(count, body)| Seed::Repeat { count, body }),
        ]
    });
    prop::collection::vec(part, 4..12)
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn chain(parts: Vec<Spec<'static>>) -> Spec<'static> {
    let named = parts.into_iter().enumerate();
    let node = |(i, part): (usize, _)| Node::new(leak(i.to_string()).as_str(), leak(part));
    Spec::Chain(Vec::leak(named.map(node).collect()))
}

/// Kernel, stride, dilation, padding and whether it rounds up.
fn axis([k, s, d, p, how]: [u8; 5]) -> Axis {
    // Small steps more often than large ones, or little is left of a small image.
    let (kernel, stride) = (1 + usize::from(k) % 4, 1 + usize::from(s) % 5 / 2);
    let dilation = 1 + usize::from(d % 8 == 0);
    let most = dilation * (kernel - 1) / 2;
    let (before, after) = (usize::from(p) % (most + 1), usize::from(p / 16) % (most + 1));
    let padding = match how % 8 {
        0 => Padding::Same,
        1 => Padding::SameLower,
        _ => Padding::Explicit { before, after },
    };
    Axis { kernel, stride, dilation, padding, ceil: how % 8 == 2 }
}

/// The parts that fit, and the shape behind them; convolutions have `wide` times as
/// many channels.
fn build(seeds: &[Seed], mut dims: Dims, wide: usize) -> (Vec<Spec<'static>>, Dims) {
    let mut parts = vec![];
    for seed in seeds {
        let Dims::Image { c, .. } = dims else { break };
        let part = match seed {
            Seed::Window { kind, h, w, channels } => {
                Some(windowed(*kind, Window { h: axis(*h), w: axis(*w) }, c, *channels, wide))
            }
            Seed::Other(kind) => Some(other(*kind, c)),
            Seed::Branch { join, body, other, identity } => {
                branch(*join, body, if *identity { &[] } else { other }, dims, wide)
            }
            Seed::Repeat { count, body } => {
                let (body, end) = build(body, dims, wide);
                // The copies have one shape: what comes out goes in.
                end.same(dims).then(|| Spec::Repeat {
                    first: 0,
                    count: (*count).into(),
                    body: leak(chain(body)),
                })
            }
        };
        let Some(part) = part else { continue };
        if let Ok(graph) = Graph::new(&part, dims)
            && graph.output_dims().elements().is_some_and(|n| n > 0 && n < 3000 * wide)
        {
            (dims, parts) = (graph.output_dims(), [parts, vec![part]].concat());
        }
    }
    (parts, dims)
}

fn windowed(kind: u8, window: Window, c: usize, channels: u8, wide: usize) -> Spec<'static> {
    let ceil = kind > 1;
    let plain = |axis: Axis| Axis { ceil: axis.ceil && ceil, ..axis };
    let window = Window { h: plain(window.h), w: plain(window.w) };
    let pool = Pool { window, include_pad: channels.is_multiple_of(2) };
    let outputs = (1 + usize::from(channels) % 5) * wide;
    Spec::Op(match kind {
        0 => Op::Conv2d(Conv2d { inputs: c, outputs, window, groups: 1, bias: channels < 128 }),
        1 => Op::Conv2d(Conv2d { inputs: c, outputs: c, window, groups: c, bias: channels < 128 }),
        2 => Op::MaxPool2d(pool),
        _ => Op::AvgPool2d(pool),
    })
}

fn other(kind: u8, channels: usize) -> Spec<'static> {
    Spec::Op(match kind {
        0 => Op::Activation(Activation::Relu),
        1 => Op::BatchNorm2d(BatchNorm2d { channels, eps: 1e-5 }),
        2 => Op::Softmax,
        3 => Op::Identity,
        4 => Op::GlobalAvgPool2d,
        _ => Op::Upsample(Upsample { rows: 2, columns: 2, resize: Resize::Nearest }),
    })
}

/// Two arms: a chain and another, or its own input, if they come together.
fn branch(
    add: bool,
    body: &[Seed],
    other: &[Seed],
    dims: Dims,
    wide: usize,
) -> Option<Spec<'static>> {
    let (body, other) = (build(body, dims, wide), build(other, dims, wide));
    let join = if add && body.1.same(other.1) { Join::Add } else { Join::Concat };
    let spec = Spec::Branch {
        join,
        arms: Vec::leak(vec![
            Node::new("body", leak(chain(body.0))),
            Node::new("other", leak(chain(other.0))),
        ]),
    };
    Graph::new(&spec, dims).is_ok().then_some(spec)
}

/// The network of the seeds, with a fully-connected layer behind a vector.
fn network(seeds: &[Seed], dims: Dims, wide: usize) -> Spec<'static> {
    let (mut parts, end) = build(seeds, dims, wide);
    if let Dims::Vector(Extent::Fixed(inputs)) = end {
        parts.push(Spec::Op(Op::Linear(Linear { inputs, outputs: 3, bias: true })));
    }
    chain(parts)
}

fn image(dims: Dims) -> (usize, usize, usize) {
    match dims {
        Dims::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) } => (c, h, w),
        Dims::Vector(Extent::Fixed(n)) => (n, 1, 1),
        other => panic!("{other}"),
    }
}

/// The pixels, some below 0 or past the end, that each window of an axis touches.
fn windows(axis: &Axis, n: usize) -> Vec<Vec<isize>> {
    let n = n.cast_signed();
    let [k, s, d] = [axis.kernel, axis.stride, axis.dilation].map(usize::cast_signed);
    let (before, after) = match axis.padding {
        Padding::Explicit { before, after } => (before.cast_signed(), after.cast_signed()),
        // As little as gives ⌈n / s⌉ windows, found by trying.
        same => {
            let fits = |total: &isize| {
                (0..n + total).filter(|y| y * s + d * (k - 1) < n + total).count()
                    >= (0..n).filter(|y| y * s < n).count()
            };
            let total = (0..=d * k).find(fits).unwrap();
            let less = total / 2;
            if same == Padding::Same { (less, total - less) } else { (total - less, less) }
        }
    };
    let window = |y: isize| (0..k).map(|i| y * s + i * d - before).collect::<Vec<isize>>();
    let whole = |window: &Vec<isize>| *window.last().unwrap() < n + after;
    let mut all: Vec<Vec<isize>> = (0..n + before + after).map(window).take_while(whole).collect();
    let next = window(all.len().cast_signed());
    let hangs_over = *all.last().unwrap().last().unwrap() + 1 < n + after;
    if axis.ceil && hangs_over && next[0] < n {
        all.push(next);
    }
    all
}

/// What each cell of a node touches of each of its inputs: (row, column) pairs.
type Touched = Vec<Vec<(usize, usize)>>;

/// Every cell of an op's output, row by row, with the pixels that it reads.
fn touched(op: &Op, dims: Dims) -> Touched {
    let (_, height, width) = image(dims);
    let whole = || (0..height).flat_map(|y| (0..width).map(move |x| (y, x))).collect();
    match op {
        Op::Conv2d(Conv2d { window, .. })
        | Op::MaxPool2d(Pool { window, .. })
        | Op::AvgPool2d(Pool { window, .. }) => {
            let inside = |at: isize, n: usize| (0..n.cast_signed()).contains(&at);
            let mut all = vec![];
            for rows in windows(&window.h, height) {
                for columns in windows(&window.w, width) {
                    let rows = rows.iter().filter(|&&y| inside(y, height));
                    all.push(
                        rows.flat_map(|&y| {
                            let columns = columns.iter().filter(|&&x| inside(x, width));
                            columns.map(move |&x| (y.cast_unsigned(), x.cast_unsigned()))
                        })
                        .collect(),
                    );
                }
            }
            all
        }
        Op::GlobalAvgPool2d | Op::Linear(_) => vec![whole()],
        Op::Upsample(_) => {
            let cells = (0..2 * height).flat_map(|y| (0..2 * width).map(move |x| (y, x)));
            cells.map(|(y, x)| vec![(y / 2, x / 2)]).collect()
        }
        _ => (0..height * width).map(|i| vec![(i / width, i % width)]).collect(),
    }
}

/// For each node and cell the pixels of the input, by walking forward with sets.
fn fields(graph: &Graph) -> Vec<Vec<BTreeSet<usize>>> {
    let (_, height, width) = image(graph.input());
    let input: Vec<BTreeSet<usize>> = (0..height * width).map(|i| BTreeSet::from([i])).collect();
    let mut all: Vec<Vec<BTreeSet<usize>>> = vec![];
    for node in graph.nodes() {
        let seen = |source: &Source| match source {
            Source::Input => &input,
            Source::Node(index) => &all[*index],
        };
        let cells = match node.kind {
            NodeKind::Op(op) => {
                let dims = graph.dims_of(node.inputs[0]);
                let (seen, (_, _, width)) = (seen(&node.inputs[0]), image(dims));
                let union = |cells: Vec<(usize, usize)>| {
                    cells.into_iter().flat_map(|(y, x)| &seen[y * width + x]).copied().collect()
                };
                touched(&op, dims).into_iter().map(union).collect()
            }
            NodeKind::Join(_) => {
                let arms: Vec<_> = node.inputs.iter().map(seen).collect();
                let union = |i: usize| arms.iter().flat_map(|arm| &arm[i]).copied().collect();
                (0..arms[0].len()).map(union).collect()
            }
        };
        all.push(cells);
    }
    all
}

/// Parameters and products of a node, one by one.
fn counted(graph: &Graph, node: &GraphNode) -> (u64, u64) {
    let (NodeKind::Op(op), (c, h, w)) = (node.kind, image(node.dims)) else { return (0, 0) };
    let (mut weights, mut products) = (0, 0);
    match op {
        Op::Conv2d(conv) => {
            for _filter in 0..c {
                weights += u64::from(conv.bias);
                for _input in 0..conv.inputs / conv.groups {
                    for _tap in 0..conv.window.h.kernel * conv.window.w.kernel {
                        weights += 1;
                        products += (0..h * w).map(|_| 1_u64).sum::<u64>();
                    }
                }
            }
        }
        Op::Linear(linear) => {
            weights = (0..c).map(|_| linear.inputs as u64 + 1).sum();
            products = (0..c).map(|_| image(graph.dims_of(node.inputs[0])).0 as u64).sum();
        }
        Op::BatchNorm2d(_) => weights = 2 * c as u64,
        _ => {}
    }
    (weights, products)
}

/// Bytes alive at each node: what was made and is still read, or the output.
fn alive(graph: &Graph) -> Vec<u64> {
    let reads = |reader: &GraphNode, index| reader.inputs.contains(&Source::Node(index));
    let bytes = |node: &GraphNode| 4 * node.dims.elements().unwrap() as u64;
    let at = |now: usize| {
        let waits = |index: usize| {
            let later = graph.nodes()[now..].iter().any(|reader| reads(reader, index));
            later || index == now || graph.output() == Source::Node(index)
        };
        let made = graph.nodes()[..=now].iter().enumerate();
        made.filter(|(index, _)| waits(*index)).map(|(_, node)| bytes(node)).sum()
    };
    (0..graph.nodes().len()).map(at).collect()
}

/// Which nodes lie behind arms of different strides that meet all the same, because
/// the image is small: the further on a cell is, the more it sees, and the size is
/// that of the first cells.
fn skewed(graph: &Graph, summary: &Summary) -> Vec<bool> {
    let mut skewed: Vec<bool> = vec![];
    for node in graph.nodes() {
        let strides = node.inputs.iter().map(|input| match input {
            Source::Input => None,
            Source::Node(from) => Some(&summary.rows()[*from].field),
        });
        let strides: Vec<[String; 2]> = strides
            .map(|field| {
                field.map_or(["1".into(), "1".into()], |field| {
                    [field.h.stride.to_string(), field.w.stride.to_string()]
                })
            })
            .collect();
        let inherited = node.inputs.iter().any(|input| match input {
            Source::Input => false,
            Source::Node(from) => skewed[*from],
        });
        skewed.push(inherited || strides.windows(2).any(|pair| pair[0] != pair[1]));
    }
    skewed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plain_counting_finds_the_same(seeds in seeds(), c in 1..4_usize, h in 1..12_usize, w in 1..12_usize) {
        let input = Dims::image(c, h, w);
        let spec = network(&seeds, input, 1);
        let graph = Graph::new(&spec, input).unwrap();
        let summary = Summary::of(&graph);

        // Shapes.
        for node in graph.nodes() {
            if let NodeKind::Op(op) = node.kind {
                let cells = touched(&op, graph.dims_of(node.inputs[0])).len();
                let (_, h, w) = image(node.dims);
                prop_assert_eq!(cells, h * w, "{:?}", node);
            }
        }
        prop_assert!(output(&spec, input).same(graph.output_dims()));

        // Counts.
        let counts: Vec<(u64, u64)> = graph.nodes().iter().map(|node| counted(&graph, node)).collect();
        let rows: Vec<(u64, u64)> = summary.rows().iter().map(|row| (row.params, row.macs.unwrap())).collect();
        prop_assert_eq!(&rows, &counts);
        prop_assert_eq!(params(&spec), counts.iter().map(|count| count.0).sum::<u64>());
        prop_assert_eq!(macs(&spec, input), counts.iter().map(|count| count.1).sum::<u64>());

        // Memory.
        let memory: Vec<u64> = summary.rows().iter().map(|row| row.memory.unwrap()).collect();
        prop_assert_eq!(memory, alive(&graph));

        // Receptive fields: the very pixels, and no cell sees more than it is said to.
        let skewed = skewed(&graph, &summary);
        for (index, cells) in fields(&graph).iter().enumerate() {
            let (_, _, width) = image(graph.nodes()[index].dims);
            let field = &summary.rows()[index].field;
            for (cell, expected) in cells.iter().enumerate() {
                let seen = pixels(&graph, index, [cell / width, cell % width]);
                let got: BTreeSet<usize> = seen.iter().map(|[y, x]| y * w + x).collect();
                prop_assert_eq!(&got, expected, "cell {} of {:?}", cell, graph.nodes()[index]);
                if let Some(around) = seen.rectangle().filter(|_| !skewed[index]) {
                    prop_assert!(((around.bottom - around.top) as u64) < field.h.size);
                    prop_assert!(((around.right - around.left) as u64) < field.w.size);
                }
            }
        }
    }

    #[test]
    fn the_engines_agree(seeds in seeds(), c in 1..4_usize, h in 1..12_usize, w in 1..12_usize) {
        let input = Dims::image(c, h, w);
        let model = AnyModel::<f32>::random(&network(&seeds, input, 1), input, 5).unwrap();
        let x: Vec<f32> = (0..c * h * w).map(|i| ((7 * i) as f32).sin() + 0.01).collect();
        let report = model.verify(input, &x, &Options::default()).unwrap();
        prop_assert!(report.agrees(), "{}", report);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// The blocked engine allocates what const evaluation says, whatever it runs on, and
    /// no step finds more alive than all values and scratch, or less than its own.
    #[test]
    fn a_run_takes_the_memory_that_is_said(
        seeds in seeds(), c in 1..4_usize, h in 1..20_usize, w in 1..20_usize, wide in 0..3_usize,
        threads in 1..4_usize, winograd in any::<bool>(),
    ) {
        let input = Dims::image(c, h, w);
        let spec = network(&seeds, input, [1, 16, 32][wide]);
        let graph = Graph::new(&spec, input).unwrap();
        let params: Vec<Vec<f32>> = graph.params().iter().map(|param| vec![0.5; param.len()]).collect();
        let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
        for isa in Isa::available() {
            let options =
                Options { isa: Some(isa), winograd, threads: Some(threads), parallel_macs: 0, ..Options::DEFAULT };
            let plan = Plan::new(&graph, &params, &options).unwrap();
            let said = Memory::of(&spec, input, &options).unwrap();
            prop_assert_eq!(plan.memory(), said, "{} {:?}", plan, options);
            prop_assert_eq!(Memory::of_graph(&graph, &options), Some(said));
            prop_assert_eq!(plan.workspace_bytes() as u64, said.workspace);
            prop_assert!(said.values + said.scratch <= said.workspace);
        }
    }
}

/// What is drawn is no heap of empty chains.
#[test]
fn the_networks_are_of_all_kinds() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut kinds, mut nodes, mut joins) = (BTreeSet::new(), 0, 0);
    for _ in 0..200 {
        let seeds = seeds().new_tree(&mut runner).unwrap().current();
        let input = Dims::image(3, 9, 10);
        let graph = Graph::new(&network(&seeds, input, 1), input).unwrap();
        kinds.extend(graph.nodes().iter().map(|node| node.kind.name()));
        nodes += graph.nodes().len();
        joins += graph.nodes().iter().filter(|node| node.inputs.len() == 2).count();
    }
    println!("{nodes} nodes, {joins} joins: {kinds:?}");
    assert!(kinds.len() >= 9 && nodes > 400 && joins > 30, "{nodes} nodes, {joins}: {kinds:?}");
}
