//! Errors at run time. Shapes that types fix can't fail; what comes from
//! outside (files, vectors, run-time sizes, run-time networks) can.

use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::spec::Dims;

/// A shape that does not fit, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShapeError {
    text: String,
}

impl ShapeError {
    pub(crate) fn new(text: String) -> Self {
        Self { text }
    }

    pub(crate) fn input(expected: Dims, got: Dims) -> Self {
        Self::new(format!("the network takes an input of {expected}, but this one is {got}"))
    }

    pub(crate) fn length(expected: Dims, got: usize) -> Self {
        Self::new(match expected.elements() {
            Some(n) if matches!(expected, Dims::Image { .. }) => {
                format!("a tensor of {expected} holds {n} values, but {got} were given")
            }
            _ => format!("a tensor of {expected} values can't be made of {got}"),
        })
    }

    pub(crate) fn opaque(path: &str) -> Self {
        Self::new(format!("`{path}` has no description"))
    }

    pub(crate) fn too_long(path: &str) -> Self {
        Self::new(format!("`{path}` does not fit into memory: more than isize::MAX bytes"))
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl core::error::Error for ShapeError {}
