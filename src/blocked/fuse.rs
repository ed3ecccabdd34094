//! What runs as one step: a layer with the sum and the activation behind it.
//!
//! Layers that change nothing (identities, flattened vectors) are seen through.
//! A batch normalisation goes into the weights of the layer before it.
//! A sum of two goes into the convolution or fully-connected layer that is run
//! last of its two sides, if nobody else reads that one. An activation that is
//! nothing but bounds (`ReLU`, `ReLU6`, clips) goes into whatever makes its input,
//! likewise; any other into a convolution or fully-connected layer.

use crate::spec::{Activation, Dims, Join, Op};

use super::activate::bounds;
use super::flat::{Flat, Kind, List};

/// A layer and what is fused behind it, by their parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// The layer.
    pub(crate) node: usize,
    /// The batch normalisation of its result.
    pub(crate) norm: Option<usize>,
    /// The sum, and what it adds to the layer's result.
    pub(crate) addend: Option<(usize, usize)>,
    /// The activation.
    pub(crate) activation: Option<usize>,
    /// The part whose result the group gives.
    pub(crate) last: usize,
}

impl Group {
    pub(crate) const NONE: Self =
        Self { node: 0, norm: None, addend: None, activation: None, last: 0 };
}

/// What is known of the result of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tie {
    /// Whose result it is, seen through parts that change nothing.
    pub(crate) seen: usize,
    /// How often it is read, the network's output included.
    readers: usize,
    /// One of those who read it.
    reader: usize,
    /// The batch normalisation that goes into it.
    norm: Option<usize>,
    /// The layer that it goes into, if it is a batch normalisation.
    layer: Option<usize>,
    /// The sum that it takes in, with the other side.
    sum: Option<(usize, usize)>,
    /// Whether it is part of an earlier group.
    taken: bool,
}

impl Tie {
    pub(crate) const NONE: Self =
        Self { seen: 0, readers: 0, reader: 0, norm: None, layer: None, sum: None, taken: false };

    /// Whether one layer reads the result, or it is the network's output.
    pub(crate) const fn is_read_once(&self) -> bool {
        self.readers == 1
    }
}

/// The groups of a network in running order; `ties` has one for each part.
pub(crate) const fn group(flat: &Flat<'_>, ties: &mut [Tie], groups: &mut List<'_, Group>) {
    see_through(flat, ties);
    count_readers(flat, ties);
    take_norms(flat, ties);
    take_sums(flat, ties);
    let mut part = 1;
    while part < flat.parts.len() {
        if ties[part].seen == part && !ties[part].taken {
            groups.push(group_of(flat, ties, part));
        }
        part += 1;
    }
}

const fn see_through(flat: &Flat<'_>, ties: &mut [Tie]) {
    let mut part = 1;
    while part < flat.parts.len() {
        let from = flat.input(part, 0);
        let same = match flat.parts[part].kind {
            Kind::Op(Op::Identity | Op::Dropout { .. }) => true,
            Kind::Op(Op::Flatten) => matches!(flat.parts[from].dims, Dims::Vector(_)),
            Kind::Join(Join::Add | Join::Mul | Join::Concat) => flat.arity(part) == 1,
            Kind::Join(Join::Heads) | Kind::Op(_) | Kind::Input => false,
        };
        ties[part].seen = if same { ties[from].seen } else { part };
        part += 1;
    }
}

const fn count_readers(flat: &Flat<'_>, ties: &mut [Tie]) {
    let mut part = 1;
    while part < flat.parts.len() {
        let mut i = 0;
        while ties[part].seen == part && i < flat.arity(part) {
            let from = ties[flat.input(part, i)].seen;
            ties[from].readers += 1;
            ties[from].reader = part;
            i += 1;
        }
        part += 1;
    }
    ties[ties[flat.output].seen].readers += 1;
}

/// Finds the layer that each batch normalisation goes into.
const fn take_norms(flat: &Flat<'_>, ties: &mut [Tie]) {
    let mut part = 1;
    while part < flat.parts.len() {
        let layer = ties[flat.input(part, 0)].seen;
        let fits = matches!(
            (flat.parts[layer].kind, flat.parts[part].kind),
            (Kind::Op(Op::Conv2d(_)), Kind::Op(Op::BatchNorm2d(_)))
                | (Kind::Op(Op::Linear(_)), Kind::Op(Op::BatchNorm1d(_)))
        );
        if fits && ties[layer].readers == 1 {
            ties[layer].norm = Some(part);
            ties[part].layer = Some(layer);
            ties[part].taken = true;
        }
        part += 1;
    }
}

/// Finds the sum that each layer takes in. Parts that come later are run later.
const fn take_sums(flat: &Flat<'_>, ties: &mut [Tie]) {
    let mut part = 1;
    while part < flat.parts.len() {
        if let (Kind::Join(Join::Add), 2) = (flat.parts[part].kind, flat.arity(part)) {
            let (a, b) = (ties[flat.input(part, 0)].seen, ties[flat.input(part, 1)].seen);
            let (later, earlier) = if a > b { (a, b) } else { (b, a) };
            let layer = match ties[later].layer {
                Some(layer) => layer,
                None => later,
            };
            if takes_any(flat.parts[layer].kind) && ties[later].readers == 1 && earlier < layer {
                ties[layer].sum = Some((part, earlier));
                ties[part].taken = true;
            }
        }
        part += 1;
    }
}

/// Whether a layer takes in sums and every activation.
const fn takes_any(kind: Kind<'_>) -> bool {
    matches!(kind, Kind::Op(Op::Conv2d(_) | Op::Linear(_)))
}

/// Whether a part takes in this activation.
const fn takes(kind: Kind<'_>, function: Activation) -> bool {
    let never = matches!(
        kind,
        Kind::Op(
            Op::Softmax
                | Op::Flatten
                | Op::Activation(_)
                | Op::PRelu { .. }
                | Op::Upsample(_)
                | Op::Pad2d(_)
        ) | Kind::Join(Join::Concat | Join::Heads)
    );
    takes_any(kind) || (!never && bounds(function).is_some())
}

/// The group of the layer at `node`, with the activation behind it.
const fn group_of(flat: &Flat<'_>, ties: &mut [Tie], node: usize) -> Group {
    let Tie { norm, sum: addend, .. } = ties[node];
    let last = match (addend, norm) {
        (Some((sum, _)), _) => sum,
        (None, Some(norm)) => norm,
        (None, None) => node,
    };
    let reader = ties[last].reader;
    if let Kind::Op(Op::Activation(function)) = flat.parts[reader].kind
        && ties[last].readers == 1
        && takes(flat.parts[node].kind, *function)
    {
        ties[reader].taken = true;
        return Group { node, norm, addend, activation: Some(reader), last: reader };
    }
    Group { node, norm, addend, activation: None, last }
}
