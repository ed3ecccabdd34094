//! "Did you mean": which unexpected tensor is probably which missing one.

use super::archive::Index;
use super::error::Mismatch;
use crate::spelling::edits;

/// Pairs of names that are looked at; what bounds the time for hostile files.
const MOST_PAIRS: usize = 1_000_000;

/// Pairs of names that are compared letter by letter.
const MOST_COMPARISONS: usize = 20_000;

/// Notes for each missing parameter the unexpected tensor that comes nearest in
/// name; among equals, and where more than a letter differs, one of its shape.
pub(super) fn suggest(mismatch: &mut Mismatch, index: &Index<'_>) {
    let (mut pairs, mut comparisons) = (MOST_PAIRS, MOST_COMPARISONS);
    for missing in &mut mismatch.missing {
        let mut best = None;
        for candidate in mismatch.unexpected.iter().take(pairs) {
            let Some(distance) = distance(&missing.name, candidate, &mut comparisons) else {
                continue;
            };
            let rank = (distance, index.shape(candidate) != Some(missing.shape));
            if rank < (2, true) && best.is_none_or(|(least, _)| rank < least) {
                best = Some((rank, candidate));
            }
        }
        pairs = pairs.saturating_sub(mismatch.unexpected.len());
        missing.similar = best.map(|(_, candidate)| candidate.clone());
    }
}

/// How far two names are apart, a module around one of them counting as two
/// letters; `None` if too far for a suggestion.
fn distance(a: &str, b: &str, comparisons: &mut usize) -> Option<usize> {
    if a.eq_ignore_ascii_case(b) {
        return Some(0);
    }
    if is_below(a, b) || is_below(b, a) {
        return Some(2);
    }
    let most = if a.len() < 8 { 1 } else { 2 };
    if a.len().abs_diff(b.len()) > most || *comparisons == 0 {
        return None;
    }
    *comparisons -= 1;
    edits(a, b).filter(|&edits| edits <= most)
}

/// Whether `a` is `b` below another module: `module.conv1.weight` is
/// `conv1.weight`, as `DataParallel` saves it.
fn is_below(a: &str, b: &str) -> bool {
    a.strip_suffix(b).is_some_and(|prefix| prefix.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_around_a_name_count_little() {
        let mut comparisons = 0;
        assert_eq!(distance("conv1.weight", "module.conv1.weight", &mut comparisons), Some(2));
        assert_eq!(distance("Conv1.weight", "conv1.weight", &mut comparisons), Some(0));
        assert_eq!(distance("conv1.weight", "xconv1.weight", &mut comparisons), None);
    }
}
