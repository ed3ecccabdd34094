//! How far a name is from another: for "did you mean".

/// Bytes of the longest name that is compared.
const LONGEST: usize = 96;

/// Letters to change, add, leave out or swap with their neighbour to make one
/// name of the other: the optimal string alignment distance, row by row. `None` for a
/// name that is too long to be a misspelt one.
pub(crate) fn edits(a: &str, b: &str) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().max(b.len()) > LONGEST {
        return None;
    }
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
    Some(above[b.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_letters_are_one_edit() {
        assert_eq!(edits("conv1.weigth", "conv1.weight"), Some(1));
        assert_eq!(edits("conv.weight", "conv1.weight"), Some(1));
        assert_eq!(edits("kitten", "sitting"), Some(3));
        assert_eq!(edits("", "abc"), Some(3));
        assert_eq!(edits("abc", ""), Some(3));
    }

    #[test]
    fn long_names_are_not_compared() {
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(edits(&long, &long), None);
        assert_eq!(edits(&long[1..], &long[1..]), Some(0));
    }
}
