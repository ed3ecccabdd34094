//! Drawings: well-formed, nothing overlaps, and the one that the README shows is
//! the one that the library draws.
//!
//! A drawing is measured here from the file alone: texts as wide as a monospaced
//! font sets them, lines as they run, slabs by their corners.

use roxmltree::{Document, Node};
use typenet::explain::Drawing;
use typenet::prelude::*;
use typenet::spec::{Dims, Node as Named, Op, Spec};

/// A rectangle, or a line if it is flat.
#[derive(Clone, Debug)]
struct Area {
    what: String,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    /// Whether both cover a common point by more than a hair.
    fn meets(&self, other: &Self) -> bool {
        let hair = 0.5;
        self.left + hair < other.right
            && other.left + hair < self.right
            && self.top + hair < other.bottom
            && other.top + hair < self.bottom
    }

    fn holds(&self, other: &Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && other.right <= self.right
            && other.bottom <= self.bottom
    }
}

/// What a drawing is made of, in the coordinates of the page.
#[derive(Default, Debug)]
struct Drawn {
    texts: Vec<Area>,
    lines: Vec<Area>,
    slabs: Vec<Area>,
}

fn number(node: &Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).map_or(0.0, |text| text.parse().unwrap())
}

/// The corners of a path, whose commands are M, L, l, h, v and z.
fn corners(path: &str) -> Vec<(f64, f64)> {
    let mut at = (0.0, 0.0);
    let mut all = vec![];
    let starts: Vec<usize> = path.match_indices(char::is_alphabetic).map(|(i, _)| i).collect();
    for (i, &start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(path.len());
        let numbers: Vec<f64> =
            path[start + 1..end].split_whitespace().map(|n| n.parse().unwrap()).collect();
        at = match (&path[start..=start], &numbers[..]) {
            ("M" | "L", [x, y]) => (*x, *y),
            ("l", [x, y]) => (at.0 + x, at.1 + y),
            ("h", [x]) => (at.0 + x, at.1),
            ("v", [y]) => (at.0, at.1 + y),
            ("z", []) => at,
            other => panic!("{other:?} in {path}"),
        };
        all.push(at);
    }
    all
}

fn around(what: &str, points: &[(f64, f64)]) -> Area {
    let least = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::MAX, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::MIN, f64::max);
    let what = what.to_string();
    Area {
        what,
        left: least(|p| p.0),
        top: least(|p| p.1),
        right: most(|p| p.0),
        bottom: most(|p| p.1),
    }
}

impl Drawn {
    fn read(&mut self, node: Node<'_, '_>, (x, y): (f64, f64)) {
        let class = node.attribute("class").unwrap_or("");
        let shift = node.attribute("transform").map_or((0.0, 0.0), |transform| {
            let inner = transform.trim_start_matches("translate(").trim_end_matches(')');
            let (x, y) = inner.split_once(' ').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        });
        let at = (x + shift.0, y + shift.1);
        let moved = |(x, y): (f64, f64)| (x + at.0, y + at.1);
        match node.tag_name().name() {
            "text" => {
                let text = node.text().unwrap_or("");
                let size = if class == "title" { 16.0 } else { 11.0 };
                let width = 0.605 * size * text.chars().count() as f64;
                let (x, y) = moved((number(&node, "x"), number(&node, "y")));
                let x = if class.contains("mid") { x - width / 2.0 } else { x };
                self.texts.push(around(text, &[(x, y - 0.75 * size), (x + width, y + 0.2 * size)]));
            }
            "path" => {
                let points: Vec<_> =
                    corners(node.attribute("d").unwrap()).into_iter().map(moved).collect();
                if class == "flow" {
                    self.lines.extend(points.windows(2).map(|two| {
                        let line = around("line", two);
                        // As thick as the hair that `meets` allows, and a little more.
                        Area {
                            left: line.left - 0.6,
                            right: line.right + 0.6,
                            top: line.top - 0.6,
                            bottom: line.bottom + 0.6,
                            ..line
                        }
                    }));
                } else if class.contains("edge") {
                    self.slabs.push(around(class, &points));
                }
            }
            _ => {}
        }
        for child in node.children() {
            self.read(child, at);
        }
    }
}

/// Measures a drawing; how many slabs it has.
fn check(svg: &str, name: &str) -> usize {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    let root = document.root_element();
    let mut drawn = Drawn::default();
    drawn.read(root, (0.0, 0.0));
    let page = around("page", &[(0.0, 0.0), (number(&root, "width"), number(&root, "height"))]);
    assert!(drawn.texts.len() > 4, "{name}: nothing was read");
    for (i, text) in drawn.texts.iter().enumerate() {
        assert!(page.holds(text), "{name}: {text:?} is off the page {page:?}");
        for other in drawn.texts[i + 1..].iter().chain(&drawn.lines).chain(&drawn.slabs) {
            assert!(!text.meets(other), "{name}: `{}` lies on `{}`", text.what, other.what);
        }
    }
    for area in drawn.lines.iter().chain(&drawn.slabs) {
        assert!(page.holds(area), "{name}: {area:?} is off the page {page:?}");
    }
    drawn.slabs.len()
}

network! {
    /// Two heads behind a trunk.
    struct TwoHeads: [3, 64, 48] -> { classes: [5], boxes: [4, 16, 12] } {
        stem: Conv2d<3, 16, K = (5, 3), S = 4, P = (2, 1)>,
        relu: Relu,
        Heads {
            classes: { pool: GlobalAvgPool2d, fc: Linear<16, 5>, softmax: Softmax },
            boxes: { a_long_name_for_a_convolution: Conv2d<16, 4, K = 1> },
        },
    }
}

network! {
    /// Nothing but an input.
    struct Nothing: [4] -> [4] { same: Identity }
}

network! {
    /// Three arms, one of them forked again; an image that is much higher than wide.
    struct Arms: [2, 90, 3] -> [12, 90, 3] {
        Concat {
            same: Identity,
            one: {
                conv: Conv2d<2, 4, K = 1>,
                again: Residual { conv: Conv2d<4, 4, K = 3, P = 1> },
            },
            three: {
                conv: Conv2d<2, 6, K = 3, P = 1>,
                Scale { pool: GlobalAvgPool2d, fc: Linear<6, 6>, sigmoid: Sigmoid },
            },
        },
        bn: BatchNorm2d<_>,
    }
}

network! {
    /// Two convolutions around a shortcut, for any number of channels and any size.
    pub struct Block<const C: usize> {
        Residual {
            conv1: Conv2d<C, C, K = 3, P = 1, BIAS = false>,
            bn1: BatchNorm2d<_>,
            relu1: Relu,
            conv2: Conv2d<C, C, K = 3, P = 1, BIAS = false>,
            bn2: BatchNorm2d<_>,
        },
        relu2: Relu,
    }
}

network! {
    /// Takes photos of any size.
    pub struct Small: [3, Dyn, Dyn] -> [5] {
        stem: Conv2d<3, 16, K = 3, S = 2, P = 1>,
        layer1: [Block<16>; 2],
        pool: GlobalAvgPool2d,
        fc: Linear<16, 5>,
    }
}

/// A chain without a name.
type ByHand = On<(Conv2d<1, 6, 5, 1, 2>, Relu, MaxPool2d<2, 2>), Chw<1, 28, 28>>;

#[test]
fn nothing_overlaps() {
    assert!(check(&TwoHeads::svg(), "TwoHeads") > 8);
    assert_eq!(check(&Nothing::svg(), "Nothing"), 1);
    check(&Arms::svg(), "Arms");
    check(&Small::svg(), "Small");
    let svg = ByHand::svg();
    check(&svg, "by hand");
    assert!(svg.contains(">On&lt;(Conv2d&lt;1, 6, 5, 1, 2&gt;, Relu, MaxPoo…</text>"), "{svg}");
}

#[cfg(feature = "zoo")]
#[test]
fn nor_in_the_zoo() {
    for entry in typenet::zoo::ENTRIES {
        let slabs = check(&entry.svg(), entry.name);
        println!("{}: {slabs} faces", entry.name);
    }
}

#[test]
fn names_are_text() {
    let op = Spec::Op(Op::Flatten);
    let nodes = [Named::new("<b> & \"\u{7}\u{ffff}", &op)];
    let drawing = Drawing::new("<&>", &Spec::Chain(&nodes), Dims::image(1, 2, 2)).to_string();
    let document = Document::parse(&drawing).unwrap();
    let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    assert!(texts.contains(&"<&>") && texts.contains(&"<b> & \"��"), "{texts:?}");
}

#[test]
fn shapes_are_on_the_arrows() {
    let svg = Small::svg();
    for text in ["3×Dyn×Dyn", "16×Dyn×Dyn", "2 times: layer1.0 to layer1.1", "layer1.0, Relu"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text} in {svg}");
    }
}

#[test]
fn the_readme_shows_what_is_drawn() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/small.svg");
    if std::env::var_os("TYPENET_WRITE").is_some() {
        std::fs::write(path, Small::svg()).unwrap();
    }
    let shown = std::fs::read_to_string(path).unwrap();
    assert!(shown == Small::svg(), "`TYPENET_WRITE=1` writes it anew");
}
