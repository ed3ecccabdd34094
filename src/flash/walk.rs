//! Walking a description: how much memory it takes, and running it.
//!
//! Values of a chain live by turns at the front and at the back of the workspace;
//! what a part needs for itself lies between. The arms of a branch write straight
//! into the output where they can, else into the front. That is not the least
//! memory there is (the blocked engine places better), but it is a const, and the
//! walk that counts and the walk that runs are the same few lines.

use crate::naive::{add_into, mul_into, run_op};
use crate::spec::{Call, Dims, Join, Node, Op, Spec, flow};

/// Parameters of one layer, at most.
const PARAMS: usize = 8;

/// One after the other: the parts of a chain, or copies of one.
#[derive(Clone, Copy)]
struct Row<'a> {
    nodes: &'a [Node<'a>],
    body: Option<&'a Spec<'a>>,
    len: usize,
}

impl<'a> Row<'a> {
    const fn of(spec: &'a Spec<'a>) -> Option<Self> {
        match spec {
            Spec::Chain(nodes) | Spec::Net { nodes, .. } => {
                Some(Self { nodes, body: None, len: nodes.len() })
            }
            Spec::Repeat { count, body, .. } => {
                Some(Self { nodes: &[], body: Some(*body), len: *count })
            }
            _ => None,
        }
    }

    const fn part(self, index: usize) -> &'a Spec<'a> {
        match self.body {
            Some(body) => body,
            None => self.nodes[index].spec,
        }
    }
}

const fn len(dims: Dims) -> usize {
    match dims.elements() {
        Some(n) => n,
        None => 0,
    }
}

const fn max(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

/// Numbers of workspace for a run.
pub(super) const fn workspace(spec: &Spec<'_>, input: Dims) -> usize {
    if let Some(row) = Row::of(spec) {
        let (mut most, mut dims, mut held, mut i) = (0, input, 0, 0);
        while i < row.len {
            let part = row.part(i);
            let next = flow(part, dims, false).dims;
            let made = if i + 1 < row.len { len(next) } else { 0 };
            most = max(most, held + made + workspace(part, dims));
            (dims, held) = (next, made);
            i += 1;
        }
        return most;
    }
    let Spec::Branch { join, arms } = spec else { return 0 };
    let (mut most, mut i) = (0, 0);
    while i < arms.len() {
        let made = flow(arms[i].spec, input, false).dims;
        let aside = if i > 0 && matches!(join, Join::Add | Join::Mul) { len(made) } else { 0 };
        most = max(most, aside + workspace(arms[i].spec, input));
        i += 1;
    }
    most
}

/// Numbers of all parameters.
pub(super) const fn values(spec: &Spec<'_>) -> usize {
    let (mut sum, mut i) = (0, 0);
    match spec {
        Spec::Op(op) => {
            while let Some(param) = op.param(i) {
                assert!(i < PARAMS, "a layer has more parameters than can be kept in flash");
                sum += match param.dims.elements() {
                    Some(n) => n,
                    None => 0,
                };
                i += 1;
            }
        }
        Spec::Chain(nodes) | Spec::Net { nodes, .. } | Spec::Branch { arms: nodes, .. } => {
            while i < nodes.len() {
                sum += values(nodes[i].spec);
                i += 1;
            }
        }
        Spec::Repeat { count, body, .. } => sum = *count * values(body),
        Spec::Opaque(_) | Spec::Broken(_) => {}
    }
    sum
}

/// Where FNV-1a starts (Fowler, Noll and Vo; 32 bits).
pub(super) const BASIS: u32 = 0x811c_9dc5;

/// One step of FNV-1a.
pub(super) const fn fnv(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

const fn text(mut hash: u32, text: &str) -> u32 {
    let mut i = 0;
    while i < text.len() {
        hash = fnv(hash, text.as_bytes()[i]);
        i += 1;
    }
    fnv(hash, 0)
}

const fn number(hash: u32, number: usize) -> u32 {
    let bytes = (number as u64).to_le_bytes();
    let (mut hash, mut i) = (hash, 0);
    while i < 8 {
        hash = fnv(hash, bytes[i]);
        i += 1;
    }
    hash
}

/// A number that two networks share only if they have the same layers with the
/// same parameters under the same names, or by chance.
pub(super) const fn fingerprint(spec: &Spec<'_>) -> u32 {
    print(BASIS, spec)
}

const fn print(mut hash: u32, spec: &Spec<'_>) -> u32 {
    let mut i = 0;
    match spec {
        Spec::Op(op) => {
            hash = text(hash, op.kind());
            while let Some(param) = op.param(i) {
                hash = text(hash, param.name);
                let (sizes, mut at) = (param.dims.as_slice(), 0);
                while at < sizes.len() {
                    hash = number(hash, sizes[at]);
                    at += 1;
                }
                i += 1;
            }
        }
        Spec::Chain(nodes) | Spec::Net { nodes, .. } | Spec::Branch { arms: nodes, .. } => {
            while i < nodes.len() {
                hash = print(text(hash, nodes[i].name), nodes[i].spec);
                i += 1;
            }
        }
        Spec::Repeat { first, count, body } => {
            hash = print(number(number(hash, *first), *count), body);
        }
        Spec::Opaque(_) | Spec::Broken(_) => {}
    }
    hash
}

/// The parameters that are still to come, in running order.
pub(super) struct Weights<'a> {
    rest: &'a [f32],
}

impl<'a> Weights<'a> {
    pub(super) fn new(values: &'a [f32]) -> Self {
        Self { rest: values }
    }

    /// Those of the next layer.
    fn next(&mut self, op: &Op) -> ([&'a [f32]; PARAMS], usize) {
        let mut params = [&[][..]; PARAMS];
        let mut count = 0;
        for (to, param) in params.iter_mut().zip(op.params()) {
            let len = param.dims.elements().unwrap_or(0).min(self.rest.len());
            (*to, self.rest) = self.rest.split_at(len);
            count += 1;
        }
        (params, count)
    }
}

/// Runs `spec` on `input`. The lengths are those of the shapes, `space` has at least
/// [`workspace`] numbers, and `weights` come from a blob of this network.
pub(super) fn run(
    spec: &Spec<'_>,
    dims: Dims,
    input: &[f32],
    output: &mut [f32],
    space: &mut [f32],
    weights: &mut Weights<'_>,
) {
    match spec {
        Spec::Op(op) => {
            let (params, count) = weights.next(op);
            let output_dims = op.apply(dims, false).0;
            let params = &params[..count];
            run_op(op, Call { input, input_dims: dims, params, output, output_dims });
        }
        Spec::Branch { join, arms } => {
            run_branch(*join, arms, dims, input, output, space, weights);
        }
        // (Neither of the last two is in a network that has been proven.)
        _ => match Row::of(spec) {
            Some(row) => run_row(row, dims, input, output, space, weights),
            None => output.copy_from_slice(input),
        },
    }
}

fn run_row(
    row: Row<'_>,
    mut dims: Dims,
    input: &[f32],
    output: &mut [f32],
    space: &mut [f32],
    weights: &mut Weights<'_>,
) {
    if row.len == 0 {
        return output.copy_from_slice(input);
    }
    // What the last part made lies at the front of the space, or at its back.
    let (mut held, mut front) = (0, false);
    for index in 0..row.len {
        let part = row.part(index);
        let next = flow(part, dims, false).dims;
        let last = index + 1 == row.len;
        let made = if last { 0 } else { len(next) };
        let (first, back) = if front { (held, made) } else { (made, held) };
        let (first, rest) = space.split_at_mut(first);
        let (middle, back) = rest.split_at_mut(rest.len() - back);
        let (from, to) = if front { (first, back) } else { (back, first) };
        let from = if index == 0 { input } else { from };
        run(part, dims, from, if last { &mut *output } else { to }, middle, weights);
        (dims, held, front) = (next, made, !front);
    }
}

fn run_branch(
    join: Join,
    arms: &[Node<'_>],
    dims: Dims,
    input: &[f32],
    output: &mut [f32],
    space: &mut [f32],
    weights: &mut Weights<'_>,
) {
    if arms.is_empty() {
        return output.copy_from_slice(input);
    }
    let mut rest = &mut *output;
    let mut whole = Dims::Unknown;
    for (index, arm) in arms.iter().enumerate() {
        let made = flow(arm.spec, dims, false).dims;
        match join {
            Join::Concat | Join::Heads => {
                let (own, behind) = core::mem::take(&mut rest).split_at_mut(len(made));
                run(arm.spec, dims, input, own, space, weights);
                rest = behind;
            }
            Join::Add | Join::Mul if index == 0 => {
                run(arm.spec, dims, input, rest, space, weights);
                whole = made;
            }
            Join::Add | Join::Mul => {
                let (aside, space) = space.split_at_mut(len(made));
                run(arm.spec, dims, input, aside, space, weights);
                match join {
                    Join::Mul => mul_into(rest, whole, aside, made),
                    _ => add_into(rest, aside),
                }
            }
        }
    }
}
