//! From a cell back to the pixels, over the description, in const evaluation.
//!
//! The walk goes from the last layer to the first with the part of the map in
//! hand that is needed; where branches part, what their arms need is put
//! together. The shapes on the way come from [`flow`], chunk by chunk, since
//! const evaluation can allocate nothing.

use super::reach::{Reach, Span};
use crate::spec::{Dims, Extent, Join, Node, Op, Spec, flow, flow_chain};

/// A rectangle of a map.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Region {
    pub(super) h: Span,
    pub(super) w: Span,
}

impl Region {
    pub(super) const WHOLE: Self = Self { h: Span::Whole, w: Span::Whole };
    pub(super) const NOTHING: Self = Self { h: Span::Nothing, w: Span::Nothing };

    /// One cell of a map.
    pub(super) const fn cell(row: i64, column: i64) -> Self {
        Self { h: Span::Cells(row, row), w: Span::Cells(column, column) }
    }

    pub(super) const fn union(self, other: Self) -> Self {
        Self { h: self.h.union(other.h), w: self.w.union(other.w) }
    }

    /// What of it lies on a map of the shape `dims`.
    pub(super) const fn clip(self, dims: Dims) -> Self {
        let Dims::Image { h, w, .. } = dims else {
            return self;
        };
        match (self.h.clip(h), self.w.clip(w)) {
            (Span::Nothing, _) | (_, Span::Nothing) => Self::NOTHING,
            (h, w) => Self { h, w },
        }
    }

    /// What one layer needs of its input for this part of its output.
    pub(super) const fn behind(self, op: &Op, input: Dims, clip: bool) -> Self {
        let (down, along) = (Reach::of(op, input, true), Reach::of(op, input, false));
        let region = Self { h: down.span(self.h), w: along.span(self.w) };
        if clip { region.clip(input) } else { region }
    }

    /// What a join that gives `joined` needs of an arm that gives `arm`.
    pub(super) const fn of_arm(self, join: Join, joined: Dims, arm: Dims) -> Self {
        match (join, joined, arm) {
            (Join::Heads, ..) => Self::WHOLE,
            (_, Dims::Image { h, w, .. }, Dims::Image { h: own_h, w: own_w, .. }) => {
                Self { h: shared(self.h, h, own_h), w: shared(self.w, w, own_w) }
            }
            (_, Dims::Image { .. }, _) => Self::WHOLE,
            _ => self,
        }
    }
}

/// Cells of a factor that has one for the whole axis are that one.
const fn shared(span: Span, size: Extent, own: Extent) -> Span {
    match (span, size, own) {
        (Span::Nothing, ..) => Span::Nothing,
        (_, Extent::Fixed(size), Extent::Fixed(1)) if size != 1 => Span::Cells(0, 0),
        (_, Extent::Dyn, Extent::Fixed(1)) => Span::Cells(0, 0),
        _ => span,
    }
}

/// A walk back through a description.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    /// Whether what falls outside of a map is left out, layer by layer.
    pub(super) clip: bool,
    /// The layer behind which the walk begins; the whole network if it is empty.
    pub(super) layer: &'a str,
}

/// Shapes kept at a time.
const CHUNK: usize = 32;

impl Walk<'_> {
    /// What `spec` needs of an input of the shape `input` for the `region` of its
    /// output; `None` if it has no such layer.
    pub(super) const fn back(self, spec: &Spec<'_>, input: Dims, region: Region) -> Option<Region> {
        match spec {
            Spec::Op(op) if self.layer.is_empty() => Some(region.behind(op, input, self.clip)),
            Spec::Op(_) => None,
            Spec::Opaque(_) | Spec::Broken(_) => {
                if self.layer.is_empty() {
                    Some(Region::WHOLE)
                } else {
                    None
                }
            }
            Spec::Chain(nodes) | Spec::Net { nodes, .. } => self.chain(nodes, input, region),
            Spec::Branch { arms, .. } if !self.layer.is_empty() => {
                self.find(arms, input, region, false)
            }
            Spec::Branch { join, arms } => Some(self.branch((*join, arms), spec, input, region)),
            Spec::Repeat { first, count, body } => {
                self.repeat((*first, *count), body, input, region)
            }
        }
    }

    const fn chain(self, nodes: &[Node<'_>], input: Dims, region: Region) -> Option<Region> {
        if !self.layer.is_empty() {
            return self.find(nodes, input, region, true);
        }
        let (mut region, mut end) = (region, nodes.len());
        while end > 0 {
            let start = end.saturating_sub(CHUNK);
            let mut dims = [flow_chain(nodes.split_at(start).0, input, false).dims; CHUNK];
            let mut i = 1;
            while i < end - start {
                dims[i] = flow(nodes[start + i - 1].spec, dims[i - 1], false).dims;
                i += 1;
            }
            while end > start {
                end -= 1;
                region = match self.back(nodes[end].spec, dims[end - start], region) {
                    Some(region) => region,
                    None => return None,
                };
            }
        }
        Some(region)
    }

    /// Begins within the node that holds the layer; of a chain the nodes before
    /// it follow.
    const fn find(
        self,
        nodes: &[Node<'_>],
        input: Dims,
        region: Region,
        chain: bool,
    ) -> Option<Region> {
        let mut i = 0;
        while i < nodes.len() {
            if let Some(rest) = below(self.layer, nodes[i].name) {
                let (before, _) = nodes.split_at(if chain { i } else { 0 });
                let arrives = flow_chain(before, input, false).dims;
                let inner = Self { layer: rest, ..self };
                if let Some(region) = inner.back(nodes[i].spec, arrives, region) {
                    return Self { layer: "", ..self }.chain(before, input, region);
                }
            }
            i += 1;
        }
        None
    }

    const fn branch(
        self,
        (join, arms): (Join, &[Node<'_>]),
        spec: &Spec<'_>,
        input: Dims,
        region: Region,
    ) -> Region {
        if arms.is_empty() {
            return region;
        }
        let joined = flow(spec, input, false).dims;
        let (mut all, mut i) = (Region::NOTHING, 0);
        while i < arms.len() {
            let own = region.of_arm(join, joined, flow(arms[i].spec, input, false).dims);
            if let Some(needs) = self.back(arms[i].spec, input, own) {
                all = all.union(needs);
            }
            i += 1;
        }
        all
    }

    const fn repeat(
        self,
        (first, count): (usize, usize),
        body: &Spec<'_>,
        input: Dims,
        region: Region,
    ) -> Option<Region> {
        let (mut left, mut walk, mut region) = (count, self, region);
        if let Some((copy, rest)) = numbered(self.layer) {
            (left, walk) = (copy.saturating_sub(first) + 1, Self { layer: rest, ..self });
            if copy < first || left > count {
                return None;
            }
        } else if !self.layer.is_empty() {
            return None;
        }
        while left > 0 {
            left -= 1;
            let arrives = flow(&Spec::Repeat { first, count: left, body }, input, false).dims;
            region = match walk.back(body, arrives, region) {
                Some(region) => region,
                None => return None,
            };
            walk.layer = "";
        }
        Some(region)
    }
}

/// What is left of a path below the part called `name`; of a part without a
/// name, all of it.
const fn below<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let (whole, start) = (path.as_bytes(), name.as_bytes());
    if start.is_empty() {
        return Some(path);
    }
    let mut i = 0;
    while i < start.len() {
        if i >= whole.len() || whole[i] != start[i] {
            return None;
        }
        i += 1;
    }
    if i == whole.len() {
        return Some("");
    }
    if whole[i] == b'.' { Some(path.split_at(i + 1).1) } else { None }
}

/// The number that a path begins with, and what is left of it.
const fn numbered(path: &str) -> Option<(usize, &str)> {
    let bytes = path.as_bytes();
    let (mut number, mut i) = (0_usize, 0);
    while i < bytes.len() && bytes[i].is_ascii_digit() {
        number = number.saturating_mul(10).saturating_add((bytes[i] - b'0') as usize);
        i += 1;
    }
    if i == 0 {
        return None;
    }
    if i == bytes.len() {
        return Some((number, ""));
    }
    if bytes[i] == b'.' { Some((number, path.split_at(i + 1).1)) } else { None }
}

/// After how many cells the way in which they see pixels repeats: 1 unless a map
/// grows on the way.
pub(super) const fn period(spec: &Spec<'_>, input: Dims) -> u64 {
    match spec {
        Spec::Op(op) => growth(op, input),
        Spec::Chain(nodes) | Spec::Net { nodes, .. } => {
            let (mut all, mut dims, mut i) = (1, input, 0);
            while i < nodes.len() {
                all = capped(all, period(nodes[i].spec, dims));
                dims = flow(nodes[i].spec, dims, false).dims;
                i += 1;
            }
            all
        }
        Spec::Branch { arms, .. } => {
            let (mut all, mut i) = (1, 0);
            while i < arms.len() {
                all = common(all, period(arms[i].spec, input));
                i += 1;
            }
            all
        }
        Spec::Repeat { count, body, .. } => {
            let (each, mut all, mut i) = (period(body, input), 1, 0);
            while i < *count && each > 1 {
                all = capped(all, each);
                i += 1;
            }
            all
        }
        Spec::Opaque(_) | Spec::Broken(_) => 1,
    }
}

/// The same of one layer.
pub(super) const fn growth(op: &Op, input: Dims) -> u64 {
    let (down, along) = (Reach::of(op, input, true), Reach::of(op, input, false));
    common(down.growth(), along.growth())
}

/// More cells than these are not looked at.
const MOST: u64 = 256;

/// The product, as far as that.
pub(super) const fn capped(a: u64, b: u64) -> u64 {
    let product = a.saturating_mul(b);
    if product > MOST { MOST } else { product }
}

/// The least common multiple, as far as that.
pub(super) const fn common(a: u64, b: u64) -> u64 {
    let divisor = super::divisor(a, b);
    capped(a / divisor, b)
}
