//! A weight file against a network, in const evaluation: what stands behind
//! `check_weights!`.
//!
//! The macro has read the header and hands over a table of the tensors, sorted by
//! name; the description of the network is walked once, and each of its parameters
//! looked up. Then every tensor and every missing parameter is asked for on its own,
//! so that each mismatch is an error of its own.

use crate::spec::{Node, Op, ParamDims, Spec, Text};

/// A tensor in the header of a file.
#[derive(Clone, Copy, Debug)]
pub struct FileTensor {
    /// Its name.
    pub name: &'static str,
    /// The type of its numbers.
    pub dtype: &'static str,
    /// Whether `f32` holds them.
    pub fits: bool,
    /// Its shape.
    pub shape: &'static [usize],
}

/// A name of a parameter; longer ones are cut and then found nowhere.
type Name = Text<256>;

/// What the network has for each of the `N` tensors of a file.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'f, const N: usize> {
    file: &'f [FileTensor; N],
    wanted: [Option<ParamDims>; N],
    missing: usize,
    /// Which of the missing parameters to remember, and that one.
    ask: usize,
    answer: Option<(Name, ParamDims)>,
}

/// Compares the parameters of `spec` with the tensors of a file; the `ask`-th that
/// the file does not have is remembered.
pub const fn compare<'f, const N: usize>(
    spec: &Spec<'_>,
    file: &'f [FileTensor; N],
    ask: usize,
) -> Compared<'f, N> {
    let mut all = Compared { file, wanted: [None; N], missing: 0, ask, answer: None };
    all.walk(spec, Text::new());
    all
}

impl<const N: usize> Compared<'_, N> {
    const fn walk(&mut self, spec: &Spec<'_>, path: Name) {
        match spec {
            Spec::Op(op) => self.look_up(op, path),
            Spec::Chain(nodes) | Spec::Net { nodes, .. } | Spec::Branch { arms: nodes, .. } => {
                self.walk_nodes(nodes, path);
            }
            Spec::Repeat { first, count, body } => {
                let mut i = *first;
                while i < *first + *count {
                    self.walk(body, separated(path).num(i));
                    i += 1;
                }
            }
            Spec::Opaque(_) | Spec::Broken(_) => {}
        }
    }

    const fn walk_nodes(&mut self, nodes: &[Node<'_>], path: Name) {
        let mut i = 0;
        while i < nodes.len() {
            let Node { name, spec } = nodes[i];
            self.walk(spec, if name.is_empty() { path } else { separated(path).str(name) });
            i += 1;
        }
    }

    const fn look_up(&mut self, op: &Op, path: Name) {
        let mut i = 0;
        while let Some(param) = op.param(i) {
            let name = separated(path).str(param.name);
            match find(self.file, name.as_str()) {
                Some(place) => self.wanted[place] = Some(param.dims),
                None => {
                    if self.missing == self.ask {
                        self.answer = Some((name, param.dims));
                    }
                    self.missing += 1;
                }
            }
            i += 1;
        }
    }

    /// Fails const evaluation if the `index`-th tensor is not the network's.
    ///
    /// # Panics
    ///
    /// In const evaluation, with the whole message.
    #[track_caller]
    #[expect(clippy::panic, reason = "an error of const evaluation")]
    pub const fn tensor(&self, index: usize) {
        let FileTensor { name, dtype, fits, shape } = self.file[index];
        let layer = layer(name);
        let text = Text::<1024>::new();
        let text = match self.wanted[index] {
            None => {
                let text = text.str("the file has a tensor `").str(name).str("` (");
                sizes(text, shape).str("), but the network has no such parameter")
            }
            Some(wanted) if !same(wanted.as_slice(), shape) => {
                let text = text.str("`").str(layer).str("` needs `").str(name).str("` to be ");
                let text = sizes(text, wanted.as_slice()).str(", but in the file it is ");
                let text = sizes(text, shape);
                if permuted(wanted.as_slice(), shape) {
                    text.str(": the same sizes in another order; transpose it")
                } else {
                    text
                }
            }
            Some(_) if !fits => {
                let text = text.str("`").str(layer).str("` needs `").str(name);
                text.str("` as F32, F16 or BF16, but in the file it is ").str(dtype)
            }
            Some(_) => return,
        };
        panic!("{}", text.as_str())
    }

    /// Fails const evaluation if the file lacks an `ask`-th parameter of `spec`;
    /// where it is the `last` that is asked for, the message counts the rest.
    ///
    /// # Panics
    ///
    /// In const evaluation, with the whole message.
    #[track_caller]
    #[expect(clippy::panic, reason = "an error of const evaluation")]
    pub const fn missing(&self, spec: &Spec<'_>, ask: usize, last: bool) {
        if ask >= self.missing {
            return;
        }
        let Some((name, dims)) = compare(spec, self.file, ask).answer else {
            return;
        };
        let text = Text::<1024>::new().str("`").str(layer(name.as_str())).str("` needs `");
        let text = sizes(text.str(name.as_str()).str("` ("), dims.as_slice());
        let mut text = text.str("), but the file has no tensor of that name");
        let more = self.missing - ask - 1;
        if last && more > 0 {
            let are = if more == 1 { " more is missing" } else { " more are missing" };
            text = text.str("; ").num(more).str(are);
        }
        panic!("{}", text.as_str())
    }
}

const fn separated(path: Name) -> Name {
    if path.is_empty() { path } else { path.str(".") }
}

/// The place of `name` in a file that is sorted by names.
const fn find<const N: usize>(file: &[FileTensor; N], name: &str) -> Option<usize> {
    let (mut low, mut high) = (0, N);
    while low < high {
        let middle = usize::midpoint(low, high);
        match order(file[middle].name.as_bytes(), name.as_bytes()) {
            0 => return Some(middle),
            1 => high = middle,
            _ => low = middle + 1,
        }
    }
    None
}

/// −1, 0 or 1: the order of two names.
const fn order(a: &[u8], b: &[u8]) -> i8 {
    let mut i = 0;
    while i < a.len() && i < b.len() {
        if a[i] < b[i] {
            return -1;
        }
        if a[i] > b[i] {
            return 1;
        }
        i += 1;
    }
    match (i < a.len(), i < b.len()) {
        (true, _) => 1,
        (_, true) => -1,
        _ => 0,
    }
}

/// The layer that a parameter is of: its name without the last part.
const fn layer(name: &str) -> &str {
    let mut end = name.len();
    while end > 0 {
        end -= 1;
        if name.as_bytes()[end] == b'.' {
            return name.split_at(end).0;
        }
    }
    "the network"
}

const fn same(a: &[usize], b: &[usize]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether every size is as often in the one as in the other.
const fn permuted(a: &[usize], b: &[usize]) -> bool {
    let mut i = 0;
    while i < a.len() {
        if count(a, a[i]) != count(b, a[i]) {
            return false;
        }
        i += 1;
    }
    a.len() == b.len()
}

const fn count(sizes: &[usize], size: usize) -> usize {
    let (mut count, mut i) = (0, 0);
    while i < sizes.len() {
        count += (sizes[i] == size) as usize;
        i += 1;
    }
    count
}

const fn sizes<const M: usize>(mut text: Text<M>, sizes: &[usize]) -> Text<M> {
    if sizes.is_empty() {
        return text.str("scalar");
    }
    let mut i = 0;
    while i < sizes.len() {
        text = if i == 0 { text } else { text.str("×") }.num(sizes[i]);
        i += 1;
    }
    text
}
