//! Tables: the numbers are torchinfo's, and every format says the same.

use roxmltree::Document;
use serde_json::{Value, json};
use typenet::explain::{Column, Summary};
use typenet::graph::Graph;
use typenet::prelude::*;
use typenet::spec::{Dims, Node, Op, Spec};

network! {
    /// A sum, something that grows, and a size that is a fraction.
    struct Net: [2, 8, 8] -> [3] {
        conv: Conv2d<2, 4, K = 3, S = 2, P = 1>,
        up: Upsample<SCALE = 4>,
        block: Residual { conv: Conv2d<4, 4, K = 3, P = 1>, relu: Relu },
        pool: GlobalAvgPool2d,
        fc: Linear<_, 3>,
    }
}

network! {
    /// For images of any size.
    struct Open: [2, Dyn, Dyn] -> [3] {
        conv: Conv2d<2, 4, K = 3, S = 2, P = 1>,
        pool: GlobalAvgPool2d,
        fc: Linear<_, 3>,
    }
}

#[test]
fn as_text() {
    let text = "\
layer              output  weights  multiply-adds  memory  workspace  receptive field  stride
input               2×8×8        -              -       -          -                -       -
conv Conv2d         4×4×4       76           1152     256       1672              3×3     2×2
up Upsample       4×16×16        -              0    4352      21760              3×3 1/2×1/2
";
    let got = Net::summary().with(&Column::ALL).to_string();
    let words = |text: &str| text.split_whitespace().map(String::from).collect::<Vec<_>>();
    let (text, got) = (words(text), words(&got));
    assert_eq!(got[..text.len()], text);
    assert_eq!(got[got.len() - 5..], ["total", "239", "38028", "12288", "53504"]);
    let short = Net::summary().to_string();
    assert!(short.starts_with("layer "), "{short}");
    assert_eq!(short.lines().next().unwrap().split_whitespace().count(), 3);
}

#[test]
fn as_json() {
    let parsed = |summary: Summary| -> Value {
        let text = summary.with(&Column::ALL).to_json();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    };
    let net = parsed(Net::summary());
    assert_eq!(net["input"], json!([2, 8, 8]));
    let up = json!({"name": "up", "kind": "Upsample", "output": [4, 16, 16], "params": 0,
        "macs": 0, "memory": 4352, "workspace": 21760, "field": [3, 3], "stride": [0.5, 0.5]});
    assert_eq!(net["layers"][1], up);
    assert_eq!(net["params"], 239);
    assert_eq!(net["macs"], 38028);
    assert_eq!(net["peak_memory"], 12288);
    let open = parsed(Open::summary());
    assert_eq!(open["input"], json!([2, null, null]));
    assert_eq!(open["layers"][0]["output"], json!([4, null, null]));
    assert_eq!(open["layers"][0]["macs"], Value::Null);
    assert_eq!(open["layers"][1]["field"], json!([null, null]));
    assert_eq!((&open["macs"], &open["peak_memory"]), (&Value::Null, &Value::Null));
}

/// Names are whatever a weight file has.
#[test]
fn names_are_no_marks() {
    let op = Spec::Op(Op::Flatten);
    let name = "a|b `c` *d* _e_ <f> & \"g\" \\ \u{1}é";
    let nodes = [Node::new(name, &op)];
    let graph = Graph::new(&Spec::Chain(&nodes), Dims::image(1, 2, 2)).unwrap();
    let summary = Summary::of(&graph);
    let json: Value = serde_json::from_str(&summary.to_json()).unwrap();
    assert_eq!(json["layers"][0]["name"], name);
    let html = summary.to_html();
    let document = Document::parse(&html).unwrap();
    let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    let cell = format!("{} Flatten", name.replace('\u{1}', "\u{fffd}"));
    assert!(texts.contains(&cell.as_str()), "{html}");
    let markdown = summary.to_markdown();
    let line = markdown.lines().nth(3).unwrap();
    assert!(
        line.starts_with(r#"| a\|b \`c\` \*d\* \_e\_ \<f\> \& "g" \\  é Flatten | 4 |"#),
        "{line}"
    );
}

#[test]
fn every_format_has_every_row() {
    let summary = Net::summary().with(&Column::ALL);
    let rows = summary.rows().len() + 3; // head, input, total
    assert_eq!(summary.to_string().lines().count(), rows);
    let markdown = summary.to_markdown();
    assert_eq!(markdown.lines().count(), rows + 1);
    assert!(markdown.lines().all(|line| line.matches('|').count() == 9), "{markdown}");
    let html = summary.to_html();
    let document = Document::parse(&html).unwrap();
    let count = |tag| document.descendants().filter(|node| node.has_tag_name(tag)).count();
    assert_eq!((count("tr"), count("th"), count("td")), (rows, 8, 8 * (rows - 1)));
}

#[cfg(feature = "zoo")]
mod zoo {
    use typenet::graph::{Graph, GraphNode, NodeKind};
    use typenet::spec::{Dims, Extent, Op};

    /// Parameters and multiply-adds as torchinfo counts: each weight and bias of a
    /// convolution once for each pixel of its output, all others once.
    fn torchinfo(graph: &Graph, node: &GraphNode) -> (u64, u64) {
        let params = &graph.params()[node.params.clone()];
        let learnt = params.iter().filter(|param| param.spec.learnt);
        let params: u64 = learnt.map(|param| param.len() as u64).sum();
        let pixels = match (node.kind, node.dims) {
            (
                NodeKind::Op(Op::Conv2d(_) | Op::ConvTranspose2d(_)),
                Dims::Image { h: Extent::Fixed(h), w: Extent::Fixed(w), .. },
            ) => (h * w) as u64,
            _ => 1,
        };
        (params, params * pixels)
    }

    #[test]
    fn parameters_and_multiply_adds_are_those_of_torchinfo() {
        let text = include_str!("../golden/torchinfo.json");
        let all: serde_json::Value = serde_json::from_str(text).unwrap();
        let mut compared = 0;
        for (name, expected) in all.as_object().unwrap() {
            let Ok(entry) = typenet::zoo::find(name) else { continue };
            let (graph, summary) = (entry.graph(), entry.summary());
            assert_eq!(summary.params(), expected["params"].as_u64().unwrap(), "{name}");
            let layers = expected["layers"].as_object().unwrap();
            let (mut macs, mut found) = (0, 0);
            for (node, row) in graph.nodes().iter().zip(summary.rows()) {
                let own = torchinfo(&graph, node);
                assert_eq!(own.0, row.params, "{name}: {}", row.name);
                if own.0 > 0 {
                    let theirs = &layers[&node.name];
                    assert_eq!(theirs, &serde_json::json!([own.0, own.1]), "{name}: {}", row.name);
                    (macs, found) = (macs + own.1, found + 1);
                }
            }
            assert_eq!(found, layers.len(), "{name}");
            assert_eq!(macs, expected["mult_adds"].as_u64().unwrap(), "{name}");
            println!(
                "{name}: {found} layers, {} parameters, {macs} multiply-adds",
                row_sum(&summary)
            );
            compared += 1;
        }
        assert_eq!(compared, 11);
    }

    fn row_sum(summary: &typenet::explain::Summary) -> u64 {
        summary.rows().iter().map(|row| row.params).sum()
    }

    /// Ours: products that are summed up, without biases and norms.
    #[test]
    fn multiply_adds_by_our_convention() {
        for entry in typenet::zoo::ENTRIES {
            assert_eq!(entry.summary().macs(), Some(entry.macs), "{}", entry.name);
            assert_eq!(entry.summary().params(), entry.params, "{}", entry.name);
        }
        let macs = |name| typenet::zoo::find(name).unwrap().macs;
        assert_eq!(macs("vgg16"), 15_470_264_320);
        assert_eq!(macs("resnet18"), 1_814_073_344);
    }
}
