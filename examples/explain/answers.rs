//! The answers, each from the description by way of the library.
#![allow(clippy::unnecessary_wraps, reason = "every answer may fail: one type for all")]

use std::error::Error;

use serde_json::json;
use typenet::explain::count::Twins;
use typenet::explain::fits::{self, Way};
use typenet::graph::Graph;
use typenet::spec::{Conv2d, Dims, Linear, Op, Spec, activations, macs, output};

use super::network::{Subject, sizes};
use super::probe;
use super::{Answer, convolutional};

type Answered = Result<Answer, Box<dyn Error>>;

/// All of them, in the order of the course.
pub(crate) fn all(subject: &Subject) -> Result<Vec<Answer>, Box<dyn Error>> {
    [cost, convolution, pooling, larger, linears, map, field, fitting]
        .into_iter()
        .map(|answer| answer(subject))
        .collect()
}

/// Weights, products, memory; what sharing saves.
fn cost(subject: &Subject) -> Answered {
    let (entry, summary) = (subject.entry, &subject.summary);
    let twins = Twins::of(entry.spec, entry.input);
    let values = activations(entry.spec, entry.input);
    let (peak, workspace) = (summary.peak_memory(), summary.peak_workspace());
    let mut text = vec![
        format!("{} parameters, {} multiply-adds", entry.params, entry.macs),
        format!("{values} activations; at most {} bytes of them at a time", peak.unwrap_or(0)),
        format!(
            "the blocked engine runs in {} bytes (AVX-512, one thread), activations and scratch",
            workspace.unwrap_or(0)
        ),
        format!("weights of the same connections: {twins}"),
    ];
    let mut filter = None;
    if let Some((node, conv)) = subject.convolution() {
        let (inputs, one) =
            (subject.graph.dims_of(node.inputs[0]), Conv2d { outputs: 1, groups: 1, ..conv });
        let twin = Twins::of(&Spec::Op(Op::Conv2d(one)), inputs).dense;
        let (weights, _) = conv.filter();
        text.push(format!(
            "one filter of `{}`: {weights} weights; fully connected {twin}",
            node.name
        ));
        filter =
            Some(json!({ "layer": node.name, "weights": weights as u64, "dense": twin as u64 }));
    }
    let figures = json!({
        "parameters": entry.params,
        "multiply_adds": entry.macs,
        "activations": values as u64,
        "peak_memory": peak,
        "workspace": workspace,
        "weights": { "shared": twins.convolution as u64, "local": twins.local as u64,
            "dense": twins.dense.to_string() },
        "filter": filter,
    });
    Ok(Answer { question: "What does it cost, and what does sharing weights save?", figures, text })
}

/// A shift of the image is a shift of the map.
fn convolution(subject: &Subject) -> Answered {
    let question = "What does a convolution keep?";
    let Some((node, conv)) = subject.convolution() else {
        return Ok(Answer { question, figures: json!({}), text: vec!["there is none".into()] });
    };
    let dims = subject.graph.dims_of(node.inputs[0]);
    let stride = conv.window.w.stride;
    let (equal, of) = probe::moved(conv, dims, stride)?;
    let mut text = vec![format!(
        "position: the image moved by {stride}, {equal} of {of} inner columns of `{}` move by 1, \
         to the bit",
        node.name
    )];
    let mut odd = None;
    if stride > 1 {
        let (equal, of) = probe::moved(conv, dims, 1)?;
        text.push(format!("but moved by 1, less than its stride: {equal} of {of}"));
        odd = Some(equal);
    }
    text.push("a fully-connected layer keeps nothing of it: its inputs have no order".to_string());
    let figures = json!({ "layer": node.name, "shift": stride, "columns": of, "equal": equal,
        "equal_by_1": odd });
    Ok(Answer { question, figures, text })
}

/// How far a map moves with the image.
fn pooling(subject: &Subject) -> Answered {
    let (c, h, w) = subject.input();
    let kernel = subject.pool().map_or(2, |(_, pool)| pool.window.h.kernel).clamp(2, h.min(w));
    let [none, max, average, global] = probe::changes(Dims::image(c, h, w), kernel)?;
    let percent = |x: f64| format!("{:.0} %", 100.0 * x);
    let text = vec![
        format!(
            "the image moved by a pixel, its values change by {}, those behind a {kernel}×{kernel} \
             max pool by {}, behind an average pool by {}",
            percent(none),
            percent(max),
            percent(average)
        ),
        format!("behind the mean of the whole map by {}", percent(global)),
    ];
    let figures =
        json!({ "kernel": kernel, "none": none, "max": max, "average": average, "global": global });
    Ok(Answer { question: "Why pooling?", figures, text })
}

/// What it says to a larger image.
fn larger(subject: &Subject) -> Answered {
    let dims = subject.larger();
    let (text, fits, map) = match Graph::new(&subject.layers(), dims) {
        Ok(graph) => {
            let map = graph.output_dims();
            (format!("{dims} goes through as it is, and gives {map}"), true, Some(map))
        }
        Err(error) => (format!("{dims} does not fit: {error}"), false, None),
    };
    let features = flattened(subject, subject.entry.input).zip(flattened(subject, dims));
    let figures = json!({ "image": dims.to_string(), "fits": fits,
        "output": map.map(|dims| dims.to_string()),
        "features": features.map(|(now, then)| json!({ "expected": now, "got": then })) });
    let text = text.lines().map(str::to_string).collect();
    Ok(Answer { question: "Does it take a larger image?", figures, text })
}

/// The features that a fully-connected layer behind `Flatten` gets of an image.
fn flattened(subject: &Subject, dims: Dims) -> Option<usize> {
    let mut found = None;
    walk(&subject.layers(), dims, &mut found);
    found
}

/// The shape behind the layers as long as they are a chain; notes what is flattened.
fn walk(spec: &Spec<'_>, dims: Dims, found: &mut Option<usize>) -> Dims {
    match spec {
        Spec::Chain(nodes) | Spec::Net { nodes, .. } => {
            nodes.iter().fold(dims, |dims, node| walk(node.spec, dims, found))
        }
        Spec::Op(Op::Flatten) => {
            *found = found.or(dims.elements());
            output(spec, dims)
        }
        spec => output(spec, dims),
    }
}

/// Each fully-connected layer as a convolution.
fn linears(subject: &Subject) -> Answered {
    let mut text = vec![];
    let mut list = vec![];
    for (node, linear) in subject.linears() {
        let (h, w) = kernel(subject, node, linear);
        let Linear { inputs, outputs, .. } = linear;
        let channels = inputs / (h * w);
        text.push(format!(
            "`{}`: {inputs}→{outputs} is {channels}→{outputs} with a kernel of {h}×{w}",
            node.name
        ));
        list.push(json!({ "layer": node.name, "inputs": inputs, "outputs": outputs,
            "channels": channels, "kernel": [h, w] }));
    }
    if text.is_empty() {
        text.push("there is no fully-connected layer: it is one already".to_string());
    }
    let question = "Which convolutions are its fully-connected layers?";
    Ok(Answer { question, figures: json!({ "layers": list }), text })
}

/// Height and width of the image that a fully-connected layer sees as a vector.
fn kernel(subject: &Subject, node: &typenet::graph::GraphNode, linear: Linear) -> (usize, usize) {
    use typenet::graph::{NodeKind, Source};
    let mut source = node.inputs[0];
    while let Source::Node(index) = source {
        let before = &subject.graph.nodes()[index];
        match before.kind {
            NodeKind::Op(Op::Flatten) => {
                let (_, h, w) = sizes(subject.graph.dims_of(before.inputs[0]));
                return if (h * w) > 0 && linear.inputs.is_multiple_of(h * w) {
                    (h, w)
                } else {
                    (1, 1)
                };
            }
            NodeKind::Op(op) if op.keeps_shape() => source = before.inputs[0],
            _ => break,
        }
    }
    (1, 1)
}

/// The map of scores that it becomes on a larger image.
fn map(subject: &Subject) -> Answered {
    let question = "What does it become on a larger image?";
    let none = |why: &str| Answer { question, figures: json!({}), text: vec![why.to_string()] };
    let Some(spec) = convolutional::spec(subject.entry.name) else {
        return Ok(none("it gives a map already"));
    };
    let (dims, image) = (subject.larger(), subject.entry.input);
    let (_, rows, columns) = sizes(output(spec, dims));
    let (windows, whole) = (rows * columns, macs(spec, dims));
    if windows == 0 {
        return Ok(none("it does not fit a larger image"));
    }
    let times = windows as f64 * subject.entry.macs as f64 / whole as f64;
    let mut text = vec![
        format!(
            "as convolutions alone it gives {} on {dims}: a cell for each position of {image}",
            output(spec, dims)
        ),
        format!("{windows} windows cost {times:.1} times the one map"),
    ];
    let mut measured = None;
    if subject.measure {
        let [window, map] = probe::milliseconds(subject.entry, dims)?;
        let times = windows as f64 * window / map;
        text.push(format!(
            "measured: {windows} times {window:.1} ms take {times:.1} times the {map:.1} ms of the map"
        ));
        measured = Some(json!({ "window_ms": window, "map_ms": map, "times": times }));
    }
    let figures = json!({ "image": dims.to_string(), "map": output(spec, dims).to_string(),
        "windows": windows, "multiply_adds": whole, "times": times, "measured": measured });
    Ok(Answer { question, figures, text })
}

/// What one cell of the last map sees.
fn field(subject: &Subject) -> Answered {
    let question = "What does a cell of its last map see?";
    let Some(last) = subject.last_map() else {
        return Ok(Answer { question, figures: json!({}), text: vec!["everything".into()] });
    };
    let (field, node) = (subject.fields[last], &subject.graph.nodes()[last]);
    let (_, height, width) = subject.input();
    let mut text = vec![format!(
        "`{}`, {}: {}×{} of {height}×{width} pixels; the next one's lie {} further on; {} pixels of \
         padding before the first",
        node.name,
        node.dims,
        field.h.size,
        field.w.size,
        field.h.stride,
        field.h.padding()
    )];
    let grows: Vec<String> = depth(subject, last).iter().map(u64::to_string).collect();
    text.push(format!("row by row of layers it grows: {}", grows.join(" → ")));
    let figures = json!({ "layer": node.name, "map": node.dims.to_string(),
        "size": [field.h.size, field.w.size],
        "stride": [field.h.stride.to_string(), field.w.stride.to_string()],
        "padding": [field.h.padding(), field.w.padding()],
        "depth": depth(subject, last) });
    Ok(Answer { question, figures, text })
}

/// The sizes of the fields down to a layer, as far as they grow.
fn depth(subject: &Subject, last: usize) -> Vec<u64> {
    let mut sizes = vec![1];
    for field in &subject.fields[..=last] {
        if field.h.size > sizes[sizes.len() - 1] {
            sizes.push(field.h.size);
        }
    }
    sizes
}

/// The sizes that it takes, and what it does not look at.
fn fitting(subject: &Subject) -> Answered {
    let (channels, height, width) = subject.input();
    let layers = subject.layers();
    let sizes = fits::sizes(&layers, channels, Way::Square);
    let mut text = vec![format!("square images: {sizes}")];
    let dropped = fits::dropped(&subject.graph);
    let mut list = vec![];
    for (node, [rows, columns]) in subject.graph.nodes().iter().zip(&dropped) {
        if rows + columns > 0 {
            text.push(format!(
                "of {height}×{width}, `{}` drops {rows} rows and {columns} columns",
                node.name
            ));
            list.push(json!({ "layer": node.name, "rows": rows, "columns": columns }));
        }
    }
    if list.is_empty() {
        text.push(format!("of {height}×{width} nothing is dropped"));
    }
    let figures =
        json!({ "square": sizes.to_string(), "smallest": sizes.smallest(), "dropped": list });
    Ok(Answer { question: "Which images fit?", figures, text })
}
