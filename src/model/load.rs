//! Networks with the weights of a file.

use alloc::vec::Vec;
#[cfg(feature = "std")]
use std::path::Path;

use super::{AnyModel, Model};
use crate::element::Element;
use crate::graph::Graph;
use crate::network::Network;
use crate::weights::{LoadError, LoadOptions, LoadReport, SaveError, Weights};

impl<T: Element> AnyModel<T> {
    /// The network that `graph` lays out, with the weights of a file in memory:
    /// safetensors or, with the feature `pth`, a checkpoint of PyTorch.
    ///
    /// # Errors
    ///
    /// If the file is damaged, or its tensors are not exactly this network's (as
    /// far as the options want that); the error lists every one.
    pub fn from_bytes_with(
        graph: Graph,
        bytes: &[u8],
        options: &LoadOptions,
    ) -> Result<(Self, LoadReport), LoadError> {
        let (weights, report) = Weights::from_bytes_with(&graph, bytes, options)?;
        Ok((Self { graph, weights }, report))
    }

    /// The network that `graph` lays out, with the weights of the file at `path`;
    /// see [`from_bytes_with`](AnyModel::from_bytes_with).
    ///
    /// # Errors
    ///
    /// If the file can't be read, is damaged, or its tensors are not this
    /// network's.
    #[cfg(feature = "std")]
    pub fn load_with(
        graph: Graph,
        path: impl AsRef<Path>,
        options: &LoadOptions,
    ) -> Result<(Self, LoadReport), LoadError> {
        let (weights, report) = Weights::load_with(&graph, path, options)?;
        Ok((Self { graph, weights }, report))
    }

    /// Replaces the weights by those of the file at `path`; see
    /// [`Model::update`].
    ///
    /// # Errors
    ///
    /// Those of [`load_with`](AnyModel::load_with); then nothing has changed.
    #[cfg(feature = "std")]
    pub fn update(
        &mut self,
        path: impl AsRef<Path>,
        options: &LoadOptions,
    ) -> Result<LoadReport, LoadError> {
        self.weights.update(&self.graph, path, options)
    }
}

impl<N: Network, T: Element> Model<N, T> {
    /// The network with the weights of a file in memory: safetensors or, with the
    /// feature `pth`, a checkpoint of PyTorch.
    ///
    /// # Errors
    ///
    /// If the file is damaged, or its tensors are not exactly this network's;
    /// the error lists every one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LoadError> {
        Self::from_bytes_with(bytes, &LoadOptions::new()).map(|(model, _)| model)
    }

    /// As [`from_bytes`](Model::from_bytes), with options, and with a report of
    /// what was loaded from where.
    ///
    /// # Errors
    ///
    /// As [`from_bytes`](Model::from_bytes), as far as the options are strict.
    pub fn from_bytes_with(
        bytes: &[u8],
        options: &LoadOptions,
    ) -> Result<(Self, LoadReport), LoadError> {
        let (any, report) = AnyModel::from_bytes_with(Self::lay_out(), bytes, options)?;
        Ok((Self::from_any(any), report))
    }

    /// The network with the weights of a file: safetensors or, with the feature
    /// `pth`, a checkpoint of PyTorch.
    ///
    /// # Errors
    ///
    /// If the file can't be read, is damaged, or its tensors are not exactly
    /// this network's; the error lists every one.
    #[cfg(feature = "std")]
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::load_with(path, &LoadOptions::new()).map(|(model, _)| model)
    }

    /// As [`load`](Model::load), with options, and with a report of what was
    /// loaded from where.
    ///
    /// # Errors
    ///
    /// As [`load`](Model::load), as far as the options are strict.
    #[cfg(feature = "std")]
    pub fn load_with(
        path: impl AsRef<Path>,
        options: &LoadOptions,
    ) -> Result<(Self, LoadReport), LoadError> {
        let (any, report) = AnyModel::load_with(Self::lay_out(), path, options)?;
        Ok((Self::from_any(any), report))
    }

    /// Replaces the weights by those of a file; what a
    /// [partial](LoadOptions::partial) load does not find there stays.
    ///
    /// ```no_run
    /// use typenet::prelude::*;
    /// use typenet::weights::LoadOptions;
    ///
    /// network! { struct Net: [4] -> [3] { body: Linear<4, 8>, relu: Relu, head: Linear<8, 3> } }
    /// let mut net = Net::random(1);
    /// let report = net.update("body.safetensors", &LoadOptions::new().partial())?;
    /// println!("{report}"); // 2 of 4 parameters loaded …
    /// # Ok::<(), typenet::weights::LoadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`load_with`](Model::load_with); then nothing has changed.
    #[cfg(feature = "std")]
    pub fn update(
        &mut self,
        path: impl AsRef<Path>,
        options: &LoadOptions,
    ) -> Result<LoadReport, LoadError> {
        self.any.update(path, options)
    }

    /// The weights as a safetensors file in memory.
    ///
    /// # Errors
    ///
    /// If the file would not fit into memory.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SaveError> {
        self.any.weights.to_safetensors(&self.any.graph)
    }

    /// Saves the weights as a safetensors file, in PyTorch's layout and naming.
    ///
    /// # Errors
    ///
    /// If the file can't be written; a file that was there before stays whole.
    #[cfg(feature = "std")]
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        self.any.weights.save(&self.any.graph, path)
    }
}
