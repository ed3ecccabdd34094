//! Sorting by name.

use core::cmp::Ordering;

/// Sorts indices by what they stand for, in place. The standard library's sort is
/// compiled once more for each order that it is given, some 30 KiB of a program: this
/// is one of them for all.
pub(crate) fn sort_indices(indices: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    indices.sort_unstable_by(|&a, &b| compare(a, b));
}
