//! "Did you mean": which unexpected tensor is probably which missing one.

use super::archive::Index;
use super::error::Mismatch;

/// Names that are longer are only compared for a prefix.
const LONGEST: usize = 96;

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
    let far = a.len().abs_diff(b.len()) > most || a.len().max(b.len()) > LONGEST;
    if far || *comparisons == 0 {
        return None;
    }
    *comparisons -= 1;
    Some(edits(a.as_bytes(), b.as_bytes())).filter(|&edits| edits <= most)
}

/// Whether `a` is `b` below another module: `module.conv1.weight` is
/// `conv1.weight`, as `DataParallel` saves it.
fn is_below(a: &str, b: &str) -> bool {
    a.strip_suffix(b).is_some_and(|prefix| prefix.ends_with('.'))
}

/// Letters to change, add, leave out or swap with their neighbour to make one
/// name of the other: the optimal string alignment distance, row by row.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut before = [0; LONGEST + 1];
    let mut above = [0; LONGEST + 1];
    for (j, cell) in above.iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        let mut row = [i; LONGEST + 1];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        (before, above) = (above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_letters_are_one_edit() {
        assert_eq!(edits(b"conv1.weigth", b"conv1.weight"), 1);
        assert_eq!(edits(b"conv.weight", b"conv1.weight"), 1);
        assert_eq!(edits(b"kitten", b"sitting"), 3);
        assert_eq!(edits(b"", b"abc"), 3);
        assert_eq!(edits(b"abc", b""), 3);
    }

    #[test]
    fn modules_around_a_name_count_little() {
        let mut comparisons = 0;
        assert_eq!(distance("conv1.weight", "module.conv1.weight", &mut comparisons), Some(2));
        assert_eq!(distance("Conv1.weight", "conv1.weight", &mut comparisons), Some(0));
        assert_eq!(distance("conv1.weight", "xconv1.weight", &mut comparisons), None);
    }
}
