//! What may differ between a file and a network, and what then was loaded.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter};

use super::error::{Missing, list, list_by};
use super::format::{DType, Quoted};
use super::names::Names;

/// How a file is loaded: strictly and under its own names, unless said otherwise.
///
/// ```
/// use typenet::prelude::*;
/// use typenet::weights::{LoadOptions, Names};
///
/// network! { struct Old: [4] -> [2] { fc: Linear<4, 2> } }
/// network! { struct New: [4] -> [3] { first: Linear<4, 2>, second: Linear<2, 3> } }
/// let file = Old::random(1).to_bytes()?;
///
/// let options = LoadOptions::new().names(Names::new().rename("fc", "first")).partial();
/// let (net, report) = New::from_bytes_with(&file, &options)?;
/// assert_eq!(net.parameter("first.weight"), Old::random(1).parameter("fc.weight"));
/// assert_eq!(report.loaded[0].tensor, "fc.weight");
/// assert_eq!(report.missing[0].name, "second.weight");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LoadOptions {
    pub(super) names: Names,
    pub(super) partial: bool,
    #[cfg(feature = "mmap")]
    pub(super) mapped: bool,
}

impl LoadOptions {
    /// Strict: the tensors of the file are the network's parameters, no more, no
    /// fewer, under the same names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Maps the names of the file to those of the network.
    pub fn names(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// Allows tensors that the network does not have, and parameters that the file
    /// does not have; these stay as they were, and the report lists both.
    ///
    /// What both have must still agree in shape, and it must be something.
    pub fn partial(mut self) -> Self {
        self.partial = true;
        self
    }
}

/// What a load has done: where each value came from, and what was left.
///
/// ```
/// # use typenet::prelude::*;
/// # use typenet::weights::LoadOptions;
/// # network! { struct Net: [4] -> [2] { fc: Linear<4, 2> } }
/// # let file = Net::random(1).to_bytes()?;
/// let (net, report) = Net::from_bytes_with(&file, &LoadOptions::new())?;
/// assert_eq!(report.to_string(), "2 parameters loaded");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct LoadReport {
    /// Parameters that the file had, in the order of the network.
    pub loaded: Vec<Loaded>,
    /// Parameters that it did not have; they are what they were.
    pub missing: Vec<Missing>,
    /// Tensors that the network does not have, by their names in the file.
    pub unexpected: Vec<String>,
    /// Counters of batches that torch's batch norm keeps for training; they mean
    /// nothing afterwards.
    pub counters: usize,
}

/// A parameter that a file had.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// Its name in the network.
    pub name: String,
    /// Its name in the file.
    pub tensor: String,
    /// The type of its numbers in the file.
    pub dtype: DType,
}

impl Display for LoadReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let all = self.loaded.len() + self.missing.len();
        match self.missing.len() {
            0 => write!(f, "{all} parameters loaded")?,
            _ => write!(f, "{} of {all} parameters loaded", self.loaded.len())?,
        }
        for dtype in [DType::F16, DType::BF16, DType::F64] {
            match self.loaded.iter().filter(|loaded| loaded.dtype == dtype).count() {
                0 => {}
                n => write!(f, ", {n} of them stored as {dtype}")?,
            }
        }
        let renamed = |loaded: &&Loaded| loaded.name != loaded.tensor;
        match self.loaded.iter().filter(renamed).count() {
            0 => {}
            n => write!(f, ", {n} under another name")?,
        }
        list(f, "kept as it was", &self.missing)?;
        list_by(f, "not in the network", &self.unexpected, |name, f| Quoted(name).fmt(f))
    }
}
