//! Concatenations without copies: a result that is joined with others is made
//! right where the whole wants it.
//!
//! That goes where the channels before it fill whole blocks and its own do too (or
//! nothing comes behind them), once for each result. A whole may be a part of
//! another whole, as in `DenseNet`, where every layer adds to what is there. All
//! parts of a whole have the halo of the one that wants most.

use crate::spec::{Join, Op};

use super::flat::{Flat, Kind};
use super::fuse::{Group, Tie};
use super::layout::Form;
use super::schedule::Slot;

/// Finds the places of all results, for blocks of `lanes` channels: for each part the
/// concatenation that it is made in, and its first channel there.
pub(crate) const fn find(
    flat: &Flat<'_>,
    (groups, ties): (&[Group], &[Tie]),
    slots: &mut [Slot],
    lanes: usize,
) {
    let mut i = 0;
    while i < groups.len() {
        // What a step gives in blocks, with a place of its own.
        let kind = flat.parts[groups[i].node].kind;
        slots[groups[i].last].movable =
            !matches!(kind, Kind::Op(Op::Flatten) | Kind::Join(Join::Heads));
        i += 1;
    }
    let mut whole = 1;
    while whole < flat.parts.len() {
        if matches!(flat.parts[whole].kind, Kind::Join(Join::Concat)) && slots[whole].movable {
            find_in(flat, ties, whole, slots, lanes);
        }
        whole += 1;
    }
}

const fn find_in(flat: &Flat<'_>, ties: &[Tie], whole: usize, slots: &mut [Slot], lanes: usize) {
    let (sides, mut first, mut i) = (flat.arity(whole), 0_usize, 0);
    while i < sides {
        let side = flat.input(whole, i);
        let channels = Form::new(flat.parts[side].dims, lanes).c;
        let last = i + 1 == sides;
        let fits = first.is_multiple_of(lanes) && (channels.is_multiple_of(lanes) || last);
        let from = ties[side].seen;
        if fits && slots[from].movable && slots[from].place.is_none() {
            slots[from].place = Some((whole, first));
        }
        first += channels;
        i += 1;
    }
}

/// Gives all parts of a whole one halo.
pub(crate) const fn level(slots: &mut [Slot]) {
    // Wholes come behind their parts in running order.
    let mut part = 0;
    while part < slots.len() {
        if let Some((whole, _)) = slots[part].place {
            slots[whole].halo = slots[whole].halo.max(slots[part].halo);
        }
        part += 1;
    }
    while part > 0 {
        part -= 1;
        if let Some((whole, _)) = slots[part].place {
            slots[part].halo = slots[whole].halo;
        }
    }
}
