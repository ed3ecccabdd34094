//! The rules, as far as the numbers are literals: the network is walked at
//! expansion by the shared description's own steps, and each broken rule becomes
//! an error at its token.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Ident;

use crate::model::{Arm, Field, Kind, Layer, Network, Output, Shape, Size};
use crate::report::{Errors, similar};
use crate::spec::{
    Blame, Dims, Extent, Fault, Join, Node, Op, Path, Spec, Step, Way, copies_fault, fitting,
    full_message, head_differs, index_name, join_dims, params, resolve_op,
};

/// What the walk found out.
pub(crate) struct Table {
    /// A row for each layer, those within branches too.
    pub(crate) rows: Vec<Row>,
    /// What arrives at each field of the network, and behind the last.
    pub(crate) ways: Vec<Dims>,
    /// Whether every number was a literal, so that nothing is left to check.
    pub(crate) complete: bool,
}

/// One layer.
pub(crate) struct Row {
    /// Its path of names.
    pub(crate) name: String,
    /// As the user wrote it.
    pub(crate) layer: String,
    /// The shape that goes out.
    pub(crate) output: Dims,
    /// Its parameters, if they are known.
    pub(crate) params: Option<u64>,
}

struct Walk<'a> {
    errors: &'a Errors,
    rows: Vec<Row>,
    names: HashSet<String>,
    input: Dims,
    /// The layers so far, as long as they are a chain.
    ops: Vec<Option<Op>>,
    way: Way,
    complete: bool,
    /// Who will find what the macro can't see whole.
    later: Later,
}

/// Who checks what depends on numbers that are not literals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Later {
    /// Const evaluation, right away and with every number in its words.
    Constants,
    /// Nobody before the parameters are given: what is wrong whatever they are
    /// is said here.
    Parameters,
}

/// Walks the network and reports what is wrong.
pub(crate) fn check(network: &Network, errors: &Errors) -> Table {
    let input = network.input.as_ref().map_or(Dims::Unknown, Shape::dims);
    let mut walk = Walk {
        errors,
        rows: vec![],
        names: HashSet::new(),
        input,
        ops: vec![],
        way: Way::new(input),
        complete: known(input) && network.declared_is_known(),
        later: match &network.input {
            Some(_) if network.generics.params.is_empty() => Later::Constants,
            _ => Later::Parameters,
        },
    };
    let mut step = Step::start(input);
    if let (Some(blame), Some(shape)) = (step.blame.take(), &network.input) {
        walk.report(shape.span, &blame);
        step.dims = Dims::Unknown;
    }
    let mut ways = vec![input];
    let mut channels = network.input.as_ref().and_then(|shape| match &shape.sizes[..] {
        [Size::Num(n), ..] => Some(n.to_token_stream()),
        _ => None,
    });
    for field in &network.fields {
        step = walk.layer(&field.layer, Path::ROOT.join(&field.name), step, &mut channels);
        walk.way = walk.way.push(step.dims);
        walk.ops.push(field.layer.op(field.layer.arrives.get()).ok());
        ways.push(step.dims);
    }
    walk.declared(network, &step);
    let complete = walk.complete && known(step.dims);
    Table { rows: walk.rows, ways, complete }
}

impl Walk<'_> {
    fn report(&self, span: Span, blame: &Blame<'_>) {
        let fits = match blame.fault {
            Fault::Features { expected, .. } => self.fitting(expected),
            _ => None,
        };
        let text = full_message(blame, &self.way, fits, true);
        if self.later == Later::Constants && text.as_str().contains('?') {
            return;
        }
        self.errors.at(span, text.as_str());
    }

    /// The inputs that would give the expected features, if all that is in front
    /// of the layer is a chain of known layers.
    fn fitting(&self, expected: usize) -> Option<(usize, usize)> {
        let specs: Option<Vec<Spec<'_>>> = self.ops.iter().map(|op| op.map(Spec::Op)).collect();
        let specs = specs?;
        let nodes: Vec<Node<'_>> = specs.iter().map(|spec| Node::new("", spec)).collect();
        fitting(&nodes, self.input, expected)
    }

    fn fields<'n>(
        &mut self,
        fields: &'n [Field],
        path: Path<'n>,
        from: Step<'n>,
        channels: &mut Option<TokenStream>,
    ) -> Step<'n> {
        fields.iter().fold(from, |step, field| {
            self.layer(&field.layer, path.join(&field.name), step, channels)
        })
    }

    /// One layer; `channels` are the tokens that say how many channels (or
    /// features) arrive, where some do.
    fn layer<'n>(
        &mut self,
        layer: &'n Layer,
        path: Path<'n>,
        from: Step<'n>,
        channels: &mut Option<TokenStream>,
    ) -> Step<'n> {
        match &layer.kind {
            Kind::Residual { body, shortcut } => {
                let mut arriving = channels.clone();
                let end = self.fields(body, path, from, channels);
                let none = vec![];
                let other =
                    self.fields(shortcut.as_ref().unwrap_or(&none), path, from, &mut arriving);
                let (dims, fault) = join_dims(Join::Add, end.dims, other.dims);
                self.whole(layer.span, fault, path, path);
                Step { dims, producer: path, flattened: None, ..end }
            }
            Kind::Scale { body } => {
                let mut inner = channels.clone();
                let end = self.fields(body, path, from, &mut inner);
                let (dims, fault) = join_dims(Join::Mul, from.dims, end.dims);
                self.whole(layer.span, fault, path, path);
                Step { dims, producer: path, flattened: None, ..from }
            }
            Kind::Arms { heads, arms } => self.joined(*heads, arms, path, from, channels),
            Kind::Repeat { layer, first, end } => {
                let range = first.value.zip(end.value);
                self.complete &= range.is_some();
                let count = range.map(|(first, end)| end.saturating_sub(first));
                if let Some(fault) = count.and_then(copies_fault) {
                    self.whole(end.span, Some(fault), path, path);
                    return Step { dims: Dims::Unknown, producer: path, flattened: None, ..from };
                }
                let mut step = from;
                // Of a number that is not known, one copy stands for all.
                let start = first.value.unwrap_or(0);
                let (first, end) = range.unwrap_or((start, start + 1));
                for index in first..end {
                    let errors = self.errors.len();
                    step = self.layer(layer, path.join(index_name(index)), step, channels);
                    if self.errors.len() > errors {
                        break;
                    }
                }
                step
            }
            _ => self.leaf(layer, path, from, channels),
        }
    }

    fn joined<'n>(
        &mut self,
        heads: bool,
        arms: &'n [Arm],
        path: Path<'n>,
        from: Step<'n>,
        channels: &mut Option<TokenStream>,
    ) -> Step<'n> {
        let join = if heads { Join::Heads } else { Join::Concat };
        let arriving = channels.take();
        let mut first: Option<(Dims, Path<'n>)> = None;
        for arm in arms {
            let at = path.join(&arm.name);
            let end = self.fields(&arm.body, at, from, &mut arriving.clone());
            arm.dims.set(end.dims);
            let Some((dims, first_path)) = first else {
                first = Some((end.dims, at));
                continue;
            };
            let (dims, fault) = join_dims(join, dims, end.dims);
            let fault = fault.map(|fault| fault.of_first_arm(arms[0].dims.get()));
            self.whole(arm.ident.span(), fault, at, first_path);
            first = Some((dims, first_path));
        }
        let dims = first.map_or(from.dims, |(dims, _)| dims);
        Step { dims, producer: path, flattened: None, ..from }
    }

    /// Reports what is wrong with a branch or repetition as a whole.
    fn whole(&self, span: Span, fault: Option<Fault>, path: Path<'_>, producer: Path<'_>) {
        if let Some(fault) = fault {
            let arrives = Dims::Unknown;
            let blame = Blame { fault, path, op: None, producer, arrives, flattened: None };
            self.report(span, &blame);
        }
    }

    fn leaf<'n>(
        &mut self,
        layer: &'n Layer,
        path: Path<'n>,
        from: Step<'n>,
        channels: &mut Option<TokenStream>,
    ) -> Step<'n> {
        layer.arrives.set(from.dims);
        layer.channels.replace(channels.clone());
        let op = layer.op(from.dims);
        let mut step = match op {
            Ok(op) => resolve_op(&op, path, from, true),
            Err(dims) => {
                let fault = match self.later {
                    Later::Constants => None,
                    Later::Parameters => layer.fault_whatever_else(from.dims),
                };
                let (producer, arrives, flattened) = (from.producer, from.dims, from.flattened);
                let blame = fault.map(|fault| Blame {
                    fault,
                    path,
                    op: None,
                    producer,
                    arrives,
                    flattened,
                });
                Step { dims, producer: path, flattened: None, blame }
            }
        };
        self.complete &= op.is_ok();
        if let Some(blame) = step.blame.take() {
            self.report(layer.span_of(blame.fault.part()), &blame);
        }
        channels_behind(layer, channels);
        let params = op.ok().map(|op| params(&Spec::Op(op)));
        let (name, text) = (path.names().join("."), layer.text.clone());
        // (The names of later copies are not kept.)
        let numbered = !name.contains('…');
        let stores = params != Some(0) && !matches!(layer.kind, Kind::Unread);
        if stores && numbered && !self.names.insert(name.clone()) {
            let text = if name.is_empty() {
                "two layers store their weights without a name of their own".into()
            } else {
                format!("two layers store their weights under the name `{name}`")
            };
            self.errors.at(layer.span, text);
        }
        self.rows.push(Row { name, layer: text, output: step.dims, params });
        step
    }

    /// The rule that the last layer gives what is declared.
    fn declared(&self, network: &Network, last: &Step<'_>) {
        match &network.output {
            Some(Output::One(shape)) if network.heads().is_some() => {
                let text = "one output is declared, but the network ends in `Heads { … }`: \
                            declare `{ name: […], … }`";
                self.errors.at(shape.span, text);
            }
            Some(Output::One(shape)) => self.declared_shape(shape, last),
            Some(Output::Heads(span, heads)) => self.declared_heads(*span, heads, network),
            None => {}
        }
    }

    fn declared_shape(&self, shape: &Shape, last: &Step<'_>) {
        let (declared, got) = (shape.dims(), last.dims);
        let silent = !self.errors.is_empty() || !known(declared) || !known(got);
        if silent || declared.same(got) {
            return;
        }
        let blame = Blame {
            fault: Fault::Output { declared, got },
            path: Path::ROOT,
            op: None,
            producer: last.producer,
            arrives: got,
            flattened: last.flattened,
        };
        self.report(shape.span, &blame);
    }

    fn declared_heads(&self, span: Span, heads: &[(Ident, Shape)], network: &Network) {
        let Some(arms) = network.heads() else {
            self.errors.at(
                span,
                "several outputs are declared, but the network does not end in `Heads { … }`",
            );
            return;
        };
        let mut unknown = false;
        for (name, shape) in heads {
            let Some(arm) = arms.iter().find(|arm| arm.ident == *name) else {
                let open = arms.iter().map(|arm| &arm.name[..]);
                let text = match similar(&name.to_string(), open) {
                    Some(meant) => format!("no head is called `{name}`; did you mean `{meant}`?"),
                    None => format!("no head is called `{name}`; there are {}", listed(arms)),
                };
                self.errors.at(name.span(), text);
                unknown = true;
                continue;
            };
            let (declared, got) = (shape.dims(), arm.dims.get());
            if known(declared) && known(got) && !declared.same(got) {
                let text = head_differs(&arm.name, declared, got);
                self.errors.at(shape.span, text.as_str());
            }
        }
        for arm in arms.iter().filter(|_| !unknown) {
            if !heads.iter().any(|(name, _)| arm.ident == *name) {
                let text = format_args!("the head `{}` is not declared", arm.ident);
                self.errors.at(arm.ident.span(), text);
            }
        }
    }
}

/// The names of all heads.
fn listed(arms: &[Arm]) -> String {
    arms.iter().map(|arm| format!("`{}`", arm.ident)).collect::<Vec<_>>().join(", ")
}

impl Network {
    /// Whether what is declared to come out is all literals.
    fn declared_is_known(&self) -> bool {
        match &self.output {
            Some(Output::One(shape)) => known(shape.dims()),
            Some(Output::Heads(_, heads)) => heads.iter().all(|(_, shape)| known(shape.dims())),
            None => true,
        }
    }

    /// The shape that the head called `name` is declared to give.
    pub(crate) fn declared_head(&self, name: &Ident) -> Option<&Shape> {
        match &self.output {
            Some(Output::Heads(_, heads)) => {
                heads.iter().find(|(head, _)| head == name).map(|(_, shape)| shape)
            }
            _ => None,
        }
    }

    /// The heads that the network ends in, if it does.
    pub(crate) fn heads(&self) -> Option<&[Arm]> {
        match &self.fields.last()?.layer.kind {
            Kind::Arms { heads: true, arms } => Some(arms),
            _ => None,
        }
    }
}

/// The tokens that say how many channels go out, where some do.
fn channels_behind(layer: &Layer, channels: &mut Option<TokenStream>) {
    match &layer.kind {
        Kind::Conv2d(conv) => *channels = Some(conv.outputs.to_token_stream()),
        Kind::Linear(linear) => *channels = Some(linear.outputs.to_token_stream()),
        Kind::ConvTranspose2d(layer) => *channels = Some(layer.conv.outputs.to_token_stream()),
        Kind::Ours(ours) => ours.channels_behind(channels),
        Kind::Other(_) | Kind::Unread => *channels = None,
        _ => {}
    }
}

/// Whether every size is a number or `Dyn`.
pub(crate) fn known(dims: Dims) -> bool {
    match dims {
        Dims::Unknown => false,
        Dims::Image { h, w, .. } => h != Extent::Unknown && w != Extent::Unknown,
        Dims::Vector(n) => n != Extent::Unknown,
    }
}
