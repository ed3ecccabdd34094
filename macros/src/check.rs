//! The rules, as far as the numbers are literals: the shared description is
//! walked at expansion, and each broken rule becomes an error at its token.

use crate::model::Network;
use crate::report::Errors;
use crate::spec::{
    Blame, Dims, Extent, Fault, Node, Path, Spec, Step, message, params, resolve,
};

/// What the walk found out, a row for each field.
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
    /// Whether every number was a literal, so that nothing is left to check.
    pub(crate) complete: bool,
}

/// One layer.
pub(crate) struct Row {
    /// The shape that arrives.
    pub(crate) arrives: Dims,
    /// The shape that goes out.
    pub(crate) output: Dims,
    /// Its parameters, if they are known.
    pub(crate) params: Option<u64>,
}

/// Walks the network and reports what is wrong.
pub(crate) fn check(network: &Network, errors: &Errors) -> Table {
    let input = network.input.as_ref().map_or(Dims::Unknown, |shape| shape.dims());
    let specs = describe(network, input);
    let nodes: Vec<Node<'_>> = network
        .fields
        .iter()
        .zip(&specs)
        .map(|(field, spec)| Node::new(&field.name, spec))
        .collect();
    let mut step = Step::start(input);
    if let (Some(blame), Some(shape)) = (&step.blame, &network.input) {
        errors.at(shape.span, message(&nodes, input, blame).as_str());
    }
    let mut rows = vec![];
    for (field, node) in network.fields.iter().zip(&nodes) {
        let arrives = step.dims;
        step.blame = None;
        step = resolve(node.spec, Path::ROOT.join(node.name), step, true);
        if let Some(blame) = &step.blame {
            let span = field.layer.span_of(blame.fault.part());
            errors.at(span, message(&nodes, input, blame).as_str());
        }
        let params = (!matches!(node.spec, Spec::Opaque(_))).then(|| params(node.spec));
        rows.push(Row { arrives, output: step.dims, params });
    }
    declared(network, &nodes, input, &step, errors);
    let literal = specs.iter().all(|spec| matches!(spec, Spec::Op(_)));
    Table { rows, complete: literal && known(input) && known(step.dims) }
}

/// The description, with each `_` settled by what arrives.
fn describe(network: &Network, input: Dims) -> Vec<Spec<'static>> {
    let mut dims = input;
    let mut specs = vec![];
    for field in &network.fields {
        let spec = field.layer.spec(dims);
        dims = match &spec {
            Spec::Op(op) => op.apply(dims, true).0,
            Spec::Opaque(dims) => *dims,
            _ => Dims::Unknown,
        };
        specs.push(spec);
    }
    specs
}

/// The rule that the last layer gives what is declared.
fn declared(
    network: &Network,
    nodes: &[Node<'_>],
    input: Dims,
    last: &Step<'_>,
    errors: &Errors,
) {
    let Some(shape) = &network.output else {
        return;
    };
    let declared = shape.dims();
    if !errors.is_empty() || !known(declared) || !known(last.dims) || declared.same(last.dims) {
        return;
    }
    let blame = Blame {
        fault: Fault::Output { declared, got: last.dims },
        path: Path::ROOT,
        op: None,
        producer: last.producer,
        arrives: last.dims,
        flattened: last.flattened,
    };
    errors.at(shape.span, message(nodes, input, &blame).as_str());
}

/// Whether every size is a number or `Dyn`.
pub(crate) fn known(dims: Dims) -> bool {
    match dims {
        Dims::Unknown => false,
        Dims::Image { h, w, .. } => h != Extent::Unknown && w != Extent::Unknown,
        Dims::Vector(n) => n != Extent::Unknown,
    }
}
