//! Whether values, shape and storage go together, and what is said if they don't.

use alloc::format;

use super::OwnedStorage;
use crate::error::ShapeError;
use crate::shape::FixedShape;
use crate::spec::{Dims, Text};

/// Whether `got` values make a tensor of these sizes.
pub(super) fn check_len(dims: Dims, got: usize) -> Result<(), ShapeError> {
    if dims.elements() == Some(got) { Ok(()) } else { Err(ShapeError::length(dims, got)) }
}

/// Stops the build of a program that makes a tensor for which there can't be room.
#[expect(clippy::panic, reason = "runs in const evaluation only, where it is a compile error")]
pub(super) const fn assert_fits<T, S: FixedShape, B: OwnedStorage<T>>() {
    if let Some(len) = B::LEN
        && len != S::LEN
    {
        panic!("{}", wrong_inline(S::DIMS, S::LEN, len).as_str());
    }
    let bytes = S::LEN.checked_mul(size_of::<T>());
    assert!(
        matches!(bytes, Some(n) if n <= isize::MAX as usize),
        "the tensor does not fit into memory: more than isize::MAX bytes"
    );
}

// 192 bytes: room for numbers of 20 digits everywhere.
const fn wrong_inline(dims: Dims, needs: usize, has: usize) -> Text<192> {
    Text::new()
        .str("a tensor of ")
        .dims(dims)
        .str(" holds ")
        .counted(needs, "value")
        .str(", but its inline storage has ")
        .num(has)
}

pub(super) fn no_room(dims: Dims, inline: Option<usize>) -> ShapeError {
    match (inline, dims.elements()) {
        (Some(has), Some(needs)) => ShapeError::new(wrong_inline(dims, needs, has).as_str().into()),
        _ => ShapeError::new(format!("a tensor of {dims} does not fit into memory")),
    }
}

pub(super) fn too_many(dims: Dims, len: usize) -> ShapeError {
    ShapeError::new(match dims {
        Dims::Image { .. } => format!("a tensor of {dims} holds {len} values, but more were given"),
        _ => format!("a tensor of {dims} values can't be made of more"),
    })
}
