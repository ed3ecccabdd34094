//! What is drawn: blocks, branches and repetitions, read from the description.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write;

use crate::graph::join_path;
use crate::spec::{Axis, Dims, Join, Op, Spec, Window, output};

/// A shape, and one with numbers for what is known only at run time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// What is written.
    pub(super) dims: Dims,
    /// What is drawn to scale.
    pub(super) sample: Dims,
}

impl Shape {
    fn behind(self, spec: &Spec<'_>) -> Self {
        Self { dims: output(spec, self.dims), sample: output(spec, self.sample) }
    }
}

/// A layer, with the layers behind it that keep its shape.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) name: String,
    /// Kind and numbers: `Conv2d 3×3, stride 2`.
    pub(super) text: String,
    /// The layers that keep the shape.
    pub(super) extras: Vec<String>,
    /// What sort it is, which decides the colour.
    pub(super) class: &'static str,
    pub(super) shape: Shape,
}

/// One part of a chain.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Block(Block),
    Branch { join: Join, name: String, arms: Vec<Chain>, extras: Vec<String>, shape: Shape },
    Repeat { title: String, body: Chain },
}

/// Parts one after the other, and the shape behind them.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// What a head is called.
    pub(super) name: String,
    pub(super) parts: Vec<Part>,
    pub(super) shape: Shape,
}

impl Part {
    pub(super) fn shape(&self) -> Shape {
        match self {
            Self::Block(block) => block.shape,
            Self::Branch { shape, .. } => *shape,
            Self::Repeat { body, .. } => body.shape,
        }
    }

    /// Where a layer is written that keeps the shape.
    fn extras(&mut self) -> Option<&mut Vec<String>> {
        match self {
            Self::Block(block) => Some(&mut block.extras),
            Self::Branch { extras, .. } => Some(extras),
            Self::Repeat { .. } => None,
        }
    }
}

/// The network behind its input, which is the first block.
pub(super) fn read(spec: &Spec<'_>, dims: Dims, sample: Dims) -> Chain {
    let shape = Shape { dims, sample };
    let input = Block {
        name: "input".to_string(),
        text: String::new(),
        extras: vec![],
        class: "input",
        shape,
    };
    let mut chain = Chain { name: String::new(), parts: vec![Part::Block(input)], shape };
    chain.read(spec, "");
    chain
}

impl Chain {
    fn read(&mut self, spec: &Spec<'_>, path: &str) {
        match spec {
            Spec::Op(op) => self.read_op(op, path),
            Spec::Chain(nodes) | Spec::Net { nodes, .. } => {
                for node in *nodes {
                    self.read(node.spec, &join_path(path, node.name));
                }
            }
            Spec::Branch { join, arms } => {
                let arm = |node: &crate::spec::Node<'_>| {
                    let mut arm = Self { name: node.name.into(), parts: vec![], shape: self.shape };
                    arm.read(node.spec, &join_path(path, node.name));
                    arm
                };
                let arms = arms.iter().map(arm).collect();
                self.shape = self.shape.behind(spec);
                self.parts.push(Part::Branch {
                    join: *join,
                    name: path.into(),
                    arms,
                    extras: vec![],
                    shape: self.shape,
                });
            }
            Spec::Repeat { first, count, body } => self.repeat(*first, *count, body, path),
            Spec::Opaque(_) | Spec::Broken(_) => self.block(path, "?".to_string(), "other", spec),
        }
    }

    /// Copies that change the shape one by one; those that don't are alike and
    /// drawn once.
    fn repeat(&mut self, first: usize, count: usize, body: &Spec<'_>, path: &str) {
        for index in first..first + count {
            let name = join_path(path, &index.to_string());
            let alike = self.shape.behind(body).dims.same(self.shape.dims);
            let left = first + count - index;
            if !alike || left == 1 {
                self.read(body, &name);
                continue;
            }
            let mut copy = Self { name: String::new(), parts: vec![], shape: self.shape };
            copy.read(body, &name);
            let last = join_path(path, &(first + count - 1).to_string());
            let title = format!("{left} times: {name} to {last}");
            self.parts.push(Part::Repeat { title, body: copy });
            return;
        }
    }

    fn read_op(&mut self, op: &Op, path: &str) {
        let spec = Spec::Op(*op);
        if matches!(op, Op::Identity) {
            return;
        }
        if op.keeps_shape()
            && let Some(extras) = self.parts.last_mut().and_then(Part::extras)
        {
            extras.push(op.kind().to_string());
            return;
        }
        self.block(path, text(op), class(op), &spec);
    }

    fn block(&mut self, path: &str, text: String, class: &'static str, spec: &Spec<'_>) {
        self.shape = self.shape.behind(spec);
        let (name, shape) = (path.to_string(), self.shape);
        self.parts.push(Part::Block(Block { name, text, extras: vec![], class, shape }));
    }
}

fn class(op: &Op) -> &'static str {
    match op {
        Op::Conv2d(_) | Op::ConvTranspose2d(_) => "conv",
        Op::MaxPool2d(_)
        | Op::AvgPool2d(_)
        | Op::LpPool2d(_)
        | Op::GlobalAvgPool2d
        | Op::GlobalMaxPool2d => "pool",
        Op::Linear(_) => "linear",
        _ => "other",
    }
}

/// Kind and numbers of a layer, as far as its shapes don't say them.
fn text(op: &Op) -> String {
    let kind = op.kind();
    match op {
        Op::Conv2d(conv) => format!("{kind} {}{}", window(&conv.window), groups(conv)),
        Op::MaxPool2d(pool) | Op::AvgPool2d(pool) => format!("{kind} {}", window(&pool.window)),
        Op::LpPool2d(pool) => format!("{kind} {}, p = {}", window(&pool.window), pool.norm),
        Op::ConvTranspose2d(conv) => {
            let kernel = sides(conv.h.kernel, conv.w.kernel);
            format!("{kind} {kernel}, stride {}", sides_or_one(conv.h.stride, conv.w.stride))
        }
        _ => kind.to_string(),
    }
}

fn groups(conv: &crate::spec::Conv2d) -> String {
    match conv.groups {
        0 | 1 => String::new(),
        groups if groups == conv.inputs => ", depthwise".to_string(),
        groups => format!(", {groups} groups"),
    }
}

/// `3×3, stride 2, dilation 2`; ones are left out.
fn window(window: &Window) -> String {
    let pair = |number: fn(&Axis) -> usize| (number(&window.h), number(&window.w));
    let mut text = sides(window.h.kernel, window.w.kernel);
    let others = [("stride", pair(|axis| axis.stride)), ("dilation", pair(|axis| axis.dilation))];
    for (name, (h, w)) in others {
        if (h, w) != (1, 1) {
            let _ = write!(text, ", {name} {}", sides_or_one(h, w));
        }
    }
    text
}

fn sides(h: usize, w: usize) -> String {
    format!("{h}×{w}")
}

fn sides_or_one(h: usize, w: usize) -> String {
    if h == w { h.to_string() } else { sides(h, w) }
}
