//! What a network may cost at most, checked by the compiler.

use crate::blocked::{Memory, Options};
use crate::explain::memory::{UNKNOWN, path};
use crate::network::Network;
use crate::spec::{Dims, Node, Path, Spec, Text, activations, flow, index_name, macs, params};

/// What a network may cost at most, and has to see at least.
///
/// Const items that compare a count will do too, `const _: () = assert!(Net::PARAMS
/// <= 100_000)`; a budget says by how much it is passed, and which layer takes most.
///
/// ```
/// use typenet::explain::count::Budget;
/// use typenet::prelude::*;
///
/// network! {
///     struct Net: [1, 28, 28] -> [10] {
///         conv: Conv2d<1, 8, K = 5, S = 2>,
///         relu: Relu,
///         flatten: Flatten,
///         fc: Linear<1152, 10>,
///     }
/// }
/// const _: () =
///     Budget::new().params(12_000).macs(50_000).memory(20_000).field(28).check::<Net>();
/// ```
///
/// This one is passed: ``the network has 11738 parameters, 1738 more than its budget
/// of 10000; `fc` has 11530 of them``.
///
/// ```compile_fail,E0080
/// # use typenet::explain::count::Budget;
/// # use typenet::prelude::*;
/// # network! {
/// #     struct Net: [1, 28, 28] -> [10] {
/// #         conv: Conv2d<1, 8, K = 5, S = 2>, relu: Relu, flatten: Flatten, fc: Linear<1152, 10>,
/// #     }
/// # }
/// const _: () = Budget::new().params(10_000).check::<Net>();
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Budget {
    params: Option<u64>,
    macs: Option<u64>,
    activations: Option<u128>,
    memory: Option<u64>,
    field: Option<u64>,
}

/// What is counted, in words.
#[derive(Clone, Copy)]
enum Cost {
    Params,
    Macs,
    Activations,
}

impl Budget {
    /// Without a limit.
    pub const fn new() -> Self {
        Self { params: None, macs: None, activations: None, memory: None, field: None }
    }

    /// At most so many parameters to learn.
    #[must_use]
    pub const fn params(self, most: u64) -> Self {
        Self { params: Some(most), ..self }
    }

    /// At most so many multiply-adds a run.
    #[must_use]
    pub const fn macs(self, most: u64) -> Self {
        Self { macs: Some(most), ..self }
    }

    /// At most so many values that the layers of one run give.
    #[must_use]
    pub const fn activations(self, most: u128) -> Self {
        Self { activations: Some(most), ..self }
    }

    /// At most so many bytes of memory for a run on the blocked engine, beside weights,
    /// input and output ([`Network::PEAK`]: with AVX-512 and one thread; for others ask
    /// [`Memory::of`](crate::explain::memory::Memory::of)).
    #[must_use]
    pub const fn memory(self, most: u64) -> Self {
        Self { memory: Some(most), ..self }
    }

    /// A cell of the output sees at least so many pixels both ways.
    #[must_use]
    pub const fn field(self, least: u64) -> Self {
        Self { field: Some(least), ..self }
    }

    /// Checks the network `N`.
    ///
    /// # Panics
    ///
    /// If it costs more or sees less; in const evaluation that is an error of the
    /// compiler.
    #[track_caller]
    #[expect(clippy::panic, reason = "an error of const evaluation")]
    pub const fn check<N: Network>(self) {
        if let Some(text) = self.passed::<N>() {
            panic!("{}", text.as_str());
        }
    }

    /// What is wrong with the network `N`, in one sentence.
    pub const fn passed<N: Network>(self) -> Option<Text<256>> {
        let (spec, input) = (N::SPEC, N::INPUT);
        if let Some(most) = self.params
            && N::PARAMS > most
        {
            return Some(over(spec, input, Cost::Params, most as u128));
        }
        if let Some(most) = self.macs
            && N::MACS > most
        {
            return Some(over(spec, input, Cost::Macs, most as u128));
        }
        if let Some(most) = self.activations
            && N::ACTIVATIONS > most
        {
            return Some(over(spec, input, Cost::Activations, most));
        }
        if let Some(most) = self.memory
            && let Some(text) = memory_over(spec, input, most)
        {
            return Some(text);
        }
        match self.field {
            Some(least) if N::FIELD.h.size < least || N::FIELD.w.size < least => {
                let text = Text::new().str("a cell of the output sees ");
                let text = text.num(N::FIELD.h.size as usize).str("×");
                let text = text.num(N::FIELD.w.size as usize).str(" pixels, but at least ");
                let text = text.num(least as usize).str("×").num(least as usize);
                Some(text.str(" are asked for; larger kernels, strides or more layers see more"))
            }
            _ => None,
        }
    }
}

impl Cost {
    const fn of(self, spec: &Spec<'_>, input: Dims) -> u128 {
        match self {
            Self::Params => params(spec) as u128,
            Self::Macs => macs(spec, input) as u128,
            Self::Activations => activations(spec, input),
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Params => ("has ", " parameters"),
            Self::Macs => ("takes ", " multiply-adds"),
            Self::Activations => ("makes ", " activations"),
        }
    }
}

const fn over(spec: &Spec<'_>, input: Dims, cost: Cost, most: u128) -> Text<256> {
    let all = cost.of(spec, input);
    let (verb, noun) = cost.words();
    let text = number(Text::new().str("the network ").str(verb), all).str(noun).str(", ");
    let text = number(text, all - most).str(" more than its budget of ");
    let text = number(text, most).str("; `");
    let (path, dearest) = dearest(spec, input, cost);
    let text = dotted(text, &path);
    number(text.str("` ").str(verb), dearest).str(" of them")
}

/// What is wrong with the memory of a run, if anything is.
const fn memory_over(spec: &Spec<'_>, input: Dims, most: u64) -> Option<Text<256>> {
    let Some(memory) = Memory::of(spec, input, &Options::DEFAULT) else {
        return Some(Text::new().str(UNKNOWN));
    };
    if memory.workspace <= most {
        return None;
    }
    let text = Text::new().str("a run takes ").num(memory.workspace as usize);
    let text = text.str(" bytes of memory, ").num((memory.workspace - most) as usize);
    let mut text = text.str(" more than its budget of ").num(most as usize).str("; ");
    if let Some(layer) = memory.layer {
        text = dotted(text.str("`"), &path(spec, layer)).str("` ");
    } else {
        text = text.str("converting input or output ");
    }
    text = text.str("has ").num(memory.values as usize).str(" bytes of activations alive");
    if memory.scratch > 0 {
        text = text.str(" and ").num(memory.scratch as usize).str(" bytes of scratch");
    }
    Some(text)
}

/// A path with dots between its names.
const fn dotted(mut text: Text<256>, path: &Path<'_>) -> Text<256> {
    let mut i = 0;
    while i < path.names().len() {
        text = text.str(if i > 0 { "." } else { "" }).str(path.names()[i]);
        i += 1;
    }
    text
}

/// A count that passes `usize` is no longer worth its digits.
const fn number(text: Text<256>, n: u128) -> Text<256> {
    if n > usize::MAX as u128 { text.str("over ").num(usize::MAX) } else { text.num(n as usize) }
}

/// The layer that costs most, and what: down from the network, always into the part
/// that costs most.
const fn dearest<'a>(spec: &'a Spec<'a>, input: Dims, cost: Cost) -> (Path<'a>, u128) {
    let (mut spec, mut dims, mut path) = (spec, input, Path::ROOT);
    loop {
        let (nodes, chain) = match spec {
            Spec::Chain(nodes) | Spec::Net { nodes, .. } => (*nodes, true),
            Spec::Branch { arms, .. } => (*arms, false),
            Spec::Repeat { first, body, .. } => {
                path = path.join(index_name(*first));
                spec = body;
                continue;
            }
            _ => return (path, cost.of(spec, dims)),
        };
        let Some((node, arrives)) = dearest_of(nodes, dims, chain, cost) else {
            return (path, cost.of(spec, dims));
        };
        (spec, dims, path) = (node.spec, arrives, path.join(node.name));
    }
}

/// The dearest of a chain or branch, and the shape that arrives there.
const fn dearest_of<'a>(
    nodes: &'a [Node<'a>],
    input: Dims,
    chain: bool,
    cost: Cost,
) -> Option<(&'a Node<'a>, Dims)> {
    let (mut best, mut most, mut dims, mut i) = (None, 0, input, 0);
    while i < nodes.len() {
        let own = cost.of(nodes[i].spec, dims);
        if own > most || best.is_none() {
            (best, most) = (Some((&nodes[i], dims)), own);
        }
        if chain {
            dims = flow(nodes[i].spec, dims, false).dims;
        }
        i += 1;
    }
    best
}
