//! What the arms of a branch give together, and whether they fit: sizes that are not
//! known yet let any other pass.

use super::{Dims, Extent, Fault, Join};

/// The shape behind a branch: heads are all their values in a row.
pub const fn joined_length(join: Join, dims: Dims) -> Dims {
    if matches!(join, Join::Heads) { Dims::Vector(length(dims)) } else { dims }
}

/// All values of a shape in a row.
const fn length(dims: Dims) -> Extent {
    match dims.elements() {
        Some(n) => Extent::Fixed(n),
        None if dims.is_dyn() => Extent::Dyn,
        None => Extent::Unknown,
    }
}

/// The shape of two arms joined; what the first gives where they do not fit.
pub const fn join_dims(join: Join, first: Dims, other: Dims) -> (Dims, Option<Fault>) {
    let fault = Some(Fault::Arms { join, first, other });
    match join {
        Join::Add => match (first, other) {
            (Dims::Unknown, known) | (known, Dims::Unknown) => (known, None),
            _ => (first, if fits(first, other, false) { None } else { fault }),
        },
        Join::Mul => match (first, other) {
            (Dims::Unknown, _) | (_, Dims::Unknown) => (first, None),
            _ => (first, if scales(first, other) { None } else { fault }),
        },
        Join::Heads => (Dims::Vector(sum(length(first), length(other))), None),
        Join::Concat => match (first, other) {
            (Dims::Unknown, _) | (_, Dims::Unknown) => (Dims::Unknown, None),
            (Dims::Image { c, h, w }, Dims::Image { c: more, .. }) => {
                let dims = Dims::Image { c: c.saturating_add(more), h, w };
                (dims, if fits(first, other, true) { None } else { fault })
            }
            (Dims::Vector(a), Dims::Vector(b)) => (Dims::Vector(sum(a, b)), None),
            _ => (first, fault),
        },
    }
}

/// Whether two shapes are of one kind and agree in size, channels aside if `concat`.
const fn fits(first: Dims, other: Dims, concat: bool) -> bool {
    match (first, other) {
        (Dims::Image { c, h, w }, Dims::Image { c: c2, h: h2, w: w2 }) => {
            h.agrees(h2) && w.agrees(w2) && (concat || c == c2)
        }
        (Dims::Vector(a), Dims::Vector(b)) => a.agrees(b),
        _ => false,
    }
}

/// Whether each value of `first` has a factor in `other`: one of its own, one
/// for its row or column, or one for its channel.
const fn scales(first: Dims, other: Dims) -> bool {
    match (first, other) {
        (Dims::Image { c, .. }, Dims::Vector(n)) => n.agrees(Extent::Fixed(c)),
        (Dims::Image { c, h, w }, Dims::Image { c: c2, h: h2, w: w2 }) => {
            c == c2 && serves(h2, h) && serves(w2, w)
        }
        _ => fits(first, other, false),
    }
}

/// Whether an axis of `own` pixels serves one of `size`.
const fn serves(own: Extent, size: Extent) -> bool {
    matches!(own, Extent::Fixed(1)) || own.agrees(size)
}

const fn sum(a: Extent, b: Extent) -> Extent {
    match (a, b) {
        (Extent::Fixed(a), Extent::Fixed(b)) => Extent::Fixed(a.saturating_add(b)),
        (Extent::Unknown, _) | (_, Extent::Unknown) => Extent::Unknown,
        _ => Extent::Dyn,
    }
}
