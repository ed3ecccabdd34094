//! [`Weights`] from files and into them: the public ways in and out.

use alloc::vec::Vec;
use core::convert::Infallible;
#[cfg(feature = "std")]
use std::path::Path;

use super::archive::Safe;
use super::error::{LoadError, LoadErrorKind, SaveError};
#[cfg(feature = "std")]
use super::file;
use super::load::{Kept, load};
use super::options::{LoadOptions, LoadReport};
#[cfg(feature = "pth")]
use super::pth::{self, Pth};
use super::safetensors::SafeTensors;
use super::{Weights, random, save};
use crate::element::Element;
use crate::graph::Graph;

/// Files in memory; with the feature `safetensors`.
impl<T: Element> Weights<T> {
    /// The weights of `graph` in a safetensors file in memory.
    ///
    /// # Errors
    ///
    /// [`LoadErrorKind::Format`] if it is not a sound safetensors file,
    /// [`LoadErrorKind::Mismatch`] if its tensors are not exactly the parameters
    /// of the network, [`LoadErrorKind::NotFinite`] if one holds NaN or ±∞,
    /// [`LoadErrorKind::NegativeVariance`] if a batch norm's variance is below 0. See
    /// [the module](crate::weights) for what is accepted.
    ///
    /// ```
    /// use typenet::graph::Graph;
    /// use typenet::spec::{Dims, Linear, Node, Op, Spec};
    /// use typenet::weights::Weights;
    ///
    /// let fc = Spec::Op(Op::Linear(Linear { inputs: 4, outputs: 2, bias: true }));
    /// let graph = Graph::new(&Spec::Chain(&[Node::new("fc", &fc)]), Dims::vector(4))?;
    ///
    /// let weights = Weights::<f32>::random(&graph, 7);
    /// let file = weights.to_safetensors(&graph)?;
    /// assert_eq!(Weights::from_safetensors(&graph, &file)?, weights);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_safetensors(graph: &Graph, file: &[u8]) -> Result<Self, LoadError> {
        let options = &LoadOptions::new();
        safetensors(graph, file, options, &|_| Vec::new())
            .map(|(weights, _)| weights)
            .map_err(LoadError::new)
    }

    /// The weights of `graph` in a file in memory, and what was loaded from where:
    /// a safetensors file or, with the feature `pth`, a checkpoint of PyTorch.
    ///
    /// What a [partial](LoadOptions::partial) load does not find starts as in
    /// [`Weights::random`] with the seed 0.
    ///
    /// # Errors
    ///
    /// Those of [`Weights::from_safetensors`], and `LoadErrorKind::Pth`.
    pub fn from_bytes_with(
        graph: &Graph,
        file: &[u8],
        options: &LoadOptions,
    ) -> Result<(Self, LoadReport), LoadError> {
        from_bytes(graph, file, options, &fresh(graph)).map_err(LoadError::new)
    }

    /// Replaces the weights by those in a file in memory; what a
    /// [partial](LoadOptions::partial) load does not find stays.
    ///
    /// # Errors
    ///
    /// Those of [`Weights::from_bytes_with`]; then nothing has changed.
    pub fn update_from_bytes(
        &mut self,
        graph: &Graph,
        file: &[u8],
        options: &LoadOptions,
    ) -> Result<LoadReport, LoadError> {
        let loaded = from_bytes(graph, file, options, &self.kept());
        let (weights, report) = loaded.map_err(LoadError::new)?;
        *self = weights;
        Ok(report)
    }

    /// Hands out the values that are kept.
    fn kept(&self) -> impl Fn(usize) -> Vec<T> {
        |index| self.get(index).unwrap_or_default().to_vec()
    }

    /// The weights as a safetensors file in memory.
    ///
    /// The tensors are in the order of [`Graph::params`], as `F32` for `f32` and
    /// `F64` for `f64`, aligned to eight bytes. Values are written as they are,
    /// NaN included, which loading refuses.
    ///
    /// # Errors
    ///
    /// If the weights are not those of `graph`, or a name can't be written.
    ///
    /// ```
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::Weights;
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// let file = Weights::<f64>::random(&graph, 3).to_safetensors(&graph)?;
    /// assert!(file.len().is_multiple_of(8));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_safetensors(&self, graph: &Graph) -> Result<Vec<u8>, SaveError> {
        let plan = save::Plan::new(self, graph)?;
        let mut file = Vec::with_capacity(plan.file_len());
        let Ok(()) = plan.write(self, |bytes| {
            file.extend_from_slice(bytes);
            Ok::<(), Infallible>(())
        });
        Ok(file)
    }
}

/// The random values of the parameters that a file does not have.
fn fresh<T: Element>(graph: &Graph) -> impl Fn(usize) -> Vec<T> {
    |index| graph.params().get(index).map_or(Vec::new(), |param| random::start(param, 0, index))
}

/// A file in memory of whatever format.
pub(super) fn from_bytes<T: Element>(
    graph: &Graph,
    file: &[u8],
    options: &LoadOptions,
    kept: &Kept<'_, T>,
) -> Result<(Weights<T>, LoadReport), LoadErrorKind> {
    #[cfg(feature = "pth")]
    if pth::looks_like(file) {
        let mut file = Pth::parse(file).map_err(LoadErrorKind::Pth)?;
        return load(graph, &mut file, options, kept);
    }
    safetensors(graph, file, options, kept)
}

fn safetensors<T: Element>(
    graph: &Graph,
    file: &[u8],
    options: &LoadOptions,
    kept: &Kept<'_, T>,
) -> Result<(Weights<T>, LoadReport), LoadErrorKind> {
    let file = SafeTensors::parse(file).map_err(LoadErrorKind::Format)?;
    load(graph, &mut Safe { header: file.header(), data: file.data() }, options, kept)
}

/// Files on disk; with the features `safetensors` and `std`.
#[cfg(feature = "std")]
impl<T: Element> Weights<T> {
    /// The weights of `graph` in the file at `path`: a safetensors file or, with
    /// the feature `pth`, a checkpoint of PyTorch.
    ///
    /// A safetensors file is read a piece at a time: beyond the weights themselves
    /// it takes the memory of the header. A checkpoint is read whole.
    ///
    /// # Errors
    ///
    /// Those of [`Weights::from_safetensors`], [`LoadErrorKind::Io`] if the file
    /// can't be read and [`LoadErrorKind::NotAFile`] for directories, devices
    /// and pipes; each names the path.
    ///
    /// ```
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::Weights;
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// let error = Weights::<f32>::load(&graph, "missing.safetensors").unwrap_err();
    /// let text = error.to_string();
    /// assert!(text.starts_with("can't load weights from `missing.safetensors`: "));
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn load(graph: &Graph, path: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::load_with(graph, path, &LoadOptions::new()).map(|(weights, _)| weights)
    }

    /// The weights of `graph` in the file at `path`, and what was loaded from
    /// where; see [`Weights::from_bytes_with`].
    ///
    /// # Errors
    ///
    /// Those of [`Weights::load`].
    pub fn load_with(
        graph: &Graph,
        path: impl AsRef<Path>,
        options: &LoadOptions,
    ) -> Result<(Self, LoadReport), LoadError> {
        let path = path.as_ref();
        file::load_file(graph, path, options, &fresh(graph))
            .map_err(|kind| LoadError::at(path, kind))
    }

    /// Replaces the weights by those in the file at `path`; what a
    /// [partial](LoadOptions::partial) load does not find stays.
    ///
    /// # Errors
    ///
    /// Those of [`Weights::load`]; then nothing has changed.
    pub fn update(
        &mut self,
        graph: &Graph,
        path: impl AsRef<Path>,
        options: &LoadOptions,
    ) -> Result<LoadReport, LoadError> {
        let path = path.as_ref();
        let loaded = file::load_file(graph, path, options, &self.kept());
        let (weights, report) = loaded.map_err(|kind| LoadError::at(path, kind))?;
        *self = weights;
        Ok(report)
    }

    /// Saves the weights to the safetensors file at `path`, as
    /// [`Weights::to_safetensors`] writes them.
    ///
    /// They go to a new file in the same folder first, which takes the place of
    /// an old one only when it is complete.
    ///
    /// # Errors
    ///
    /// Those of [`Weights::to_safetensors`], and if the file can't be written;
    /// what was at `path` before then still is.
    ///
    /// ```no_run
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::Weights;
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// let weights = Weights::<f32>::random(&graph, 0);
    /// weights.save(&graph, "start.safetensors")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save(&self, graph: &Graph, path: impl AsRef<Path>) -> Result<(), SaveError> {
        file::save_file(self, graph, path.as_ref())
    }
}
