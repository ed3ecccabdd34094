//! The list of networks that a program can choose from when it runs.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;
#[cfg(all(feature = "std", feature = "safetensors"))]
use std::path::Path;

use super::{Classes, ENTRIES, Preprocessing};
use crate::element::Element;
use crate::explain::{Drawing, Summary};
use crate::graph::Graph;
use crate::model::AnyModel;
use crate::network::{Network, Outputs};
use crate::shape::Shape;
use crate::spec::{Dims, Spec};
use crate::spelling::edits;
use crate::weights::Weights;
#[cfg(feature = "safetensors")]
use crate::weights::{LoadError, LoadOptions};

/// A network type of the zoo, with what belongs to it but is not in the type.
pub trait Published: Network {
    /// Name, source, preprocessing and classes.
    const ENTRY: Entry;
}

/// A network of the zoo, its type forgotten.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// Its name, lower case: `vgg16`.
    pub name: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// What goes in.
    pub input: Dims,
    /// What goes out.
    pub output: Dims,
    /// Parameters to learn.
    pub params: u64,
    /// Multiply-adds of one run; 0 where a size is known only then.
    pub macs: u64,
    /// How it wants its images.
    pub preprocessing: Preprocessing,
    /// What its outputs stand for.
    pub classes: Classes,
    /// Its description.
    pub spec: &'static Spec<'static>,
}

impl Entry {
    /// The entry of the network `N`; to read its description is to prove it.
    pub(super) const fn of<N: Network>(
        name: &'static str,
        source: &'static str,
        preprocessing: Preprocessing,
        classes: Classes,
    ) -> Self {
        let () = N::PROOF;
        Self {
            name,
            source,
            input: <N::Input as Shape>::DIMS,
            output: <N::Output as Outputs>::RETURNS,
            params: N::PARAMS,
            macs: N::MACS,
            preprocessing,
            classes,
            spec: N::SPEC,
        }
    }

    /// The network as a table: layer, output, weights.
    pub fn summary(&self) -> Summary {
        Summary::of(&self.graph())
    }

    /// The network as a picture, in SVG.
    pub fn svg(&self) -> String {
        Drawing::new(self.name, self.spec, self.input).to_string()
    }

    /// The network with random weights, the same for the same seed.
    pub fn random(&self, seed: u64) -> AnyModel {
        self.random_as(seed)
    }

    /// The network with random weights, in the precision `T`.
    pub fn random_as<T: Element>(&self, seed: u64) -> AnyModel<T> {
        let graph = self.graph();
        let weights = Weights::random(&graph, seed);
        AnyModel::from_parts(graph, weights)
    }

    /// The network with the weights of a file in memory: safetensors or, with the
    /// feature `pth`, a checkpoint of PyTorch.
    ///
    /// # Errors
    ///
    /// If the file is damaged, or its tensors are not exactly this network's.
    #[cfg(feature = "safetensors")]
    pub fn from_bytes(&self, bytes: &[u8]) -> Result<AnyModel, LoadError> {
        self.from_bytes_as(bytes)
    }

    /// As [`from_bytes`](Entry::from_bytes), in the precision `T`.
    ///
    /// # Errors
    ///
    /// As [`from_bytes`](Entry::from_bytes).
    #[cfg(feature = "safetensors")]
    pub fn from_bytes_as<T: Element>(&self, bytes: &[u8]) -> Result<AnyModel<T>, LoadError> {
        let loaded = AnyModel::from_bytes_with(self.graph(), bytes, &LoadOptions::new());
        loaded.map(|(model, _)| model)
    }

    /// The network with the weights of a file: safetensors or, with the feature
    /// `pth`, a checkpoint of PyTorch.
    ///
    /// # Errors
    ///
    /// If the file can't be read, is damaged, or its tensors are not exactly
    /// this network's.
    #[cfg(all(feature = "std", feature = "safetensors"))]
    pub fn load(&self, path: impl AsRef<Path>) -> Result<AnyModel, LoadError> {
        self.load_as(path)
    }

    /// As [`load`](Entry::load), in the precision `T`.
    ///
    /// # Errors
    ///
    /// As [`load`](Entry::load).
    #[cfg(all(feature = "std", feature = "safetensors"))]
    pub fn load_as<T: Element>(&self, path: impl AsRef<Path>) -> Result<AnyModel<T>, LoadError> {
        let loaded = AnyModel::load_with(self.graph(), path, &LoadOptions::new());
        loaded.map(|(model, _)| model)
    }

    /// The network laid out flat.
    #[allow(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "`Entry::of` has proven every rule in const evaluation"
    )]
    pub fn graph(&self) -> Graph {
        Graph::new(self.spec, self.input).expect("the compiler has proven that the layers fit")
    }
}

/// The network that is called `name`.
///
/// # Errors
///
/// If none is; the error says which was meant, or lists them all.
///
/// ```
/// let entry = typenet::zoo::find("resnet20_cifar10")?;
/// println!("{}", entry.summary());
///
/// let error = typenet::zoo::find("ResNet-19").unwrap_err().to_string();
/// assert_eq!(error, "no network is called `ResNet-19`; did you mean `resnet18`?");
/// let error = typenet::zoo::find("inception").unwrap_err().to_string();
/// assert!(error.starts_with("no network is called `inception`; there are `lenet5`, "));
/// # Ok::<(), typenet::zoo::UnknownName>(())
/// ```
pub fn find(name: &str) -> Result<&'static Entry, UnknownName> {
    let unknown = || UnknownName { name: name.into() };
    ENTRIES.iter().find(|entry| entry.name == name).ok_or_else(unknown)
}

/// No network of the zoo has this name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownName {
    name: String,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no network is called `{}`; ", self.name)?;
        let near = near(&self.name);
        let (start, last, end, names) = if near.is_empty() {
            ("there are", " and", "", ENTRIES.iter().map(|entry| entry.name).collect())
        } else {
            ("did you mean", " or", "?", near)
        };
        f.write_str(start)?;
        for (i, name) in names.iter().enumerate() {
            let and = if i == 0 {
                ""
            } else if i + 1 == names.len() {
                last
            } else {
                ","
            };
            write!(f, "{and} `{name}`")?;
        }
        f.write_str(end)
    }
}

impl Error for UnknownName {}

/// The networks that may have been meant: all those that are equally near.
fn near(name: &str) -> Vec<&'static str> {
    let meant = letters(name);
    let off = |entry: &Entry| edits(&letters(entry.name), &meant).filter(|&off| off <= 2);
    let Some(least) = ENTRIES.iter().filter_map(off).min() else { return Vec::new() };
    let nearest = ENTRIES.iter().filter(|entry| off(entry) == Some(least));
    nearest.map(|entry| entry.name).collect()
}

/// The name without what people write differently: case and separators.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
