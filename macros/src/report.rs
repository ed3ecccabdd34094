//! Errors of one run: all of them are collected and reported together, each at
//! the smallest token that is wrong.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use syn::Error;

/// The errors found so far.
#[derive(Default)]
pub(crate) struct Errors(RefCell<Vec<Error>>);

impl Errors {
    /// Notes an error at `span`.
    pub(crate) fn at(&self, span: Span, text: impl Display) {
        self.push(Error::new(span, text));
    }

    /// Notes an error.
    pub(crate) fn push(&self, error: Error) {
        self.0.borrow_mut().push(error);
    }

    /// The value, or `None` with its error noted.
    pub(crate) fn keep<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Whether nothing was wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// How many errors were found so far.
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// All errors as `compile_error!`s.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.into_inner().iter().map(Error::to_compile_error).collect()
    }
}

/// The candidate that `word` was probably meant to be.
pub(crate) fn similar<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if word.chars().count() < 2 {
        return None;
    }
    let near = |candidate: &str| distance(&word.to_lowercase(), &candidate.to_lowercase());
    let best = candidates.into_iter().min_by_key(|candidate| near(candidate))?;
    (near(best) <= word.len().div_ceil(3).min(3)).then_some(best)
}

/// Edits from one word to the other (Levenshtein, 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
