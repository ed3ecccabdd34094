//! The ends of branches.

use crate::element::Element;

/// out = arms\[0\] + arms\[1\] + …, value by value. All have one shape.
pub(super) fn add<T: Element>(arms: &[&[T]], output: &mut [T]) {
    let Some((first, others)) = arms.split_first() else {
        return;
    };
    output.copy_from_slice(first);
    for arm in others {
        for (sum, &value) in output.iter_mut().zip(*arm) {
            *sum = *sum + value;
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
