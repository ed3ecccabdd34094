//! The ends of branches.

use super::grid::Grid;
use crate::element::Element;
use crate::spec::Dims;

/// out = arms\[0\] + arms\[1\] + …, value by value. All have one shape.
pub(super) fn add<T: Element>(arms: &[&[T]], output: &mut [T]) {
    let Some((first, others)) = arms.split_first() else {
        return;
    };
    output.copy_from_slice(first);
    for arm in others {
        add_into(output, arm);
    }
}

/// sum = sum + arm, value by value.
pub(crate) fn add_into<T: Element>(sums: &mut [T], arm: &[T]) {
    for (sum, &value) in sums.iter_mut().zip(arm) {
        *sum = *sum + value;
    }
}

/// out\[c, y, x\] = first\[c, y, x\] · arm\[c, y, x\] · …; an arm that has one
/// row or one column (a vector has one of both) has it for all.
pub(super) fn mul<T: Element>(arms: &[&[T]], dims: &[Dims], output: &mut [T]) {
    let (Some((first, others)), Some((to, from))) = (arms.split_first(), dims.split_first()) else {
        return;
    };
    output.copy_from_slice(first);
    for (arm, from) in others.iter().zip(from) {
        mul_into(output, *to, arm, *from);
    }
}

/// One factor more.
pub(crate) fn mul_into<T: Element>(products: &mut [T], to: Dims, arm: &[T], from: Dims) {
    let (to, from) = (Grid::of(to), Grid::of(from));
    for c in 0..to.channels {
        for row in 0..to.height {
            for column in 0..to.width {
                let (y, x) = (row.min(from.height - 1), column.min(from.width - 1));
                let at = to.index(c, row, column);
                products[at] = products[at] * arm[from.index(c, y, x)];
            }
        }
    }
}

/// The channels of the first arm, then those of the second, and so on: as
/// images lie channel by channel, the arms one behind the other.
pub(super) fn concat<T: Element>(arms: &[&[T]], output: &mut [T]) {
    let mut rest = output;
    for arm in arms {
        let (own, behind) = rest.split_at_mut(arm.len());
        own.copy_from_slice(arm);
        rest = behind;
    }
}
