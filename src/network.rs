//! Networks as types: what they are before they have weights.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::__private as private;
use crate::blocked::Memory;
use crate::element::Element;
use crate::explain::{Drawing, ReceptiveField, Summary, memory, receptive_field};
use crate::graph::Graph;
use crate::layer::{Describe, Layer};
use crate::model::Model;
use crate::shape::Shape;
use crate::spec::{self, Dims, Flow, Spec};
use crate::tensor::Tensor;
#[cfg(feature = "safetensors")]
use crate::weights::{LoadError, LoadOptions, LoadReport};

/// A network: layers that fit together, from [`Input`](Network::Input) to
/// [`Output`](Network::Output).
///
/// `network!` writes it; a chain by hand becomes one as [`On`]. The type
/// answers without weights; `load`, `from_bytes` and `random` give a [`Model`]
/// that runs.
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     /// A small network.
///     pub struct Small: [1, 8, 8] -> [10] {
///         conv: Conv2d<1, 4, K = 3>,
///         relu: Relu,
///         flatten: Flatten,
///         fc: Linear<144, 10>,
///     }
/// }
/// const _: () = assert!(Small::PARAMS == 4 * 9 + 4 + 144 * 10 + 10);
/// assert_eq!(Small::MACS, 4 * 6 * 6 * 9 + 144 * 10);
/// let y = Small::random(7).forward(&Tensor::zeros());
/// assert_eq!(y.as_slice(), [0.0; 10]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network with an input of its own",
    label = "not a network",
    note = "`network!` makes one; a chain by hand becomes one as `On<{Self}, Chw<1, 28, 28>>`"
)]
pub trait Network: Describe + Sized {
    /// The shape that goes in.
    type Input: Shape;
    /// The shape that goes out.
    type Output: Outputs;

    /// The shape that goes in, as a value.
    const INPUT: Dims = Self::Input::DIMS;
    /// The shape that goes out, as a value.
    const OUTPUT: Dims = Self::Output::RETURNS;

    /// One walk for all that is asked of most networks.
    #[doc(hidden)]
    const FLOW: Flow = spec::flow(Self::SPEC, Self::INPUT, true);

    /// Proves every rule; evaluated before anything runs.
    #[doc(hidden)]
    const PROOF: () = private::proven(Self::SPEC, Self::INPUT, Self::OUTPUT, &Self::FLOW);

    /// Parameters to learn: weights and biases.
    const PARAMS: u64 = Self::FLOW.params();

    /// Multiply-adds of one run ([how they are counted](crate::spec::macs)).
    /// Layers on sizes that are known only at run time count as 0.
    const MACS: u64 = Self::FLOW.macs();

    /// Weights of the fully-connected layers that would do the same, one for
    /// each convolution and each fully-connected layer.
    const FC_TWIN: u128 = spec::fc_twin(Self::SPEC, Self::INPUT);

    /// Weights of the locally-connected layers that would do the same: as the
    /// convolutions, but each position with weights of its own.
    const LOCAL_TWIN: u128 = spec::local_twin(Self::SPEC, Self::INPUT);

    /// Values that the layers give in one run
    /// ([how they are counted](crate::spec::activations)).
    const ACTIVATIONS: u128 = spec::activations(Self::SPEC, Self::INPUT);

    /// What a run on the blocked engine takes of memory
    /// ([what is in it](crate::explain::memory)): one thread, Winograd's convolution
    /// where it pays, vectors of AVX-512. Not known where a size comes at run time:
    /// whoever asks then gets an error of the compiler.
    const MEMORY: Memory = memory::known(Self::SPEC, Self::INPUT, Self::OUTPUT);

    /// The bytes of the workspace of such a run, all of its memory beside weights, input
    /// and output: what [`prepare`](Model::prepare) allocates for it on a processor with
    /// AVX-512, to the byte.
    const PEAK: u64 = Self::MEMORY.workspace;

    /// What a cell of the output sees of the image
    /// ([how it is found](crate::explain::receptive_field)).
    const FIELD: ReceptiveField = receptive_field::of(Self::SPEC, Self::INPUT);

    /// The network as a table: layer, output, weights.
    fn summary() -> Summary {
        Summary::new(Self::SPEC, Self::INPUT)
    }

    /// The network as a picture, in SVG: blocks to scale, shapes on the arrows,
    /// branches, sums and heads; for a light and a dark page.
    fn svg() -> String {
        Drawing::of::<Self>().to_string()
    }

    /// The network with random weights (Kaiming), the same for the same seed.
    fn random(seed: u64) -> Model<Self> {
        Self::random_as(seed)
    }

    /// The network with random weights, in the precision `T`.
    fn random_as<T: Element>(seed: u64) -> Model<Self, T> {
        Model::random(seed)
    }

    /// The network with the weights of a file in memory: safetensors or, with the
    /// feature `pth`, a checkpoint of PyTorch.
    ///
    /// # Errors
    ///
    /// If the file is damaged, or its tensors are not exactly this network's;
    /// the error lists every one.
    #[cfg(feature = "safetensors")]
    fn from_bytes(bytes: &[u8]) -> Result<Model<Self>, LoadError> {
        Model::from_bytes(bytes)
    }

    /// As [`from_bytes`](Network::from_bytes), in the precision `T`.
    ///
    /// # Errors
    ///
    /// As [`from_bytes`](Network::from_bytes).
    #[cfg(feature = "safetensors")]
    fn from_bytes_as<T: Element>(bytes: &[u8]) -> Result<Model<Self, T>, LoadError> {
        Model::from_bytes(bytes)
    }

    /// As [`from_bytes`](Network::from_bytes), with options: other names, only a
    /// part; and with a report of what was loaded from where.
    ///
    /// # Errors
    ///
    /// As [`from_bytes`](Network::from_bytes), as far as the options are strict.
    #[cfg(feature = "safetensors")]
    fn from_bytes_with(
        bytes: &[u8],
        options: &LoadOptions,
    ) -> Result<(Model<Self>, LoadReport), LoadError> {
        Model::from_bytes_with(bytes, options)
    }

    /// The network with the weights of a file: safetensors or, with the feature
    /// `pth`, a checkpoint of PyTorch.
    ///
    /// # Errors
    ///
    /// If the file can't be read, is damaged, or its tensors are not exactly
    /// this network's; the error lists every one.
    #[cfg(all(feature = "std", feature = "safetensors"))]
    fn load(path: impl AsRef<std::path::Path>) -> Result<Model<Self>, LoadError> {
        Model::load(path)
    }

    /// As [`load`](Network::load), in the precision `T`.
    ///
    /// # Errors
    ///
    /// As [`load`](Network::load).
    #[cfg(all(feature = "std", feature = "safetensors"))]
    fn load_as<T: Element>(path: impl AsRef<std::path::Path>) -> Result<Model<Self, T>, LoadError> {
        Model::load(path)
    }

    /// As [`load`](Network::load), with options: other names, only a part; and
    /// with a report of what was loaded from where.
    ///
    /// # Errors
    ///
    /// As [`load`](Network::load), as far as the options are strict.
    #[cfg(all(feature = "std", feature = "safetensors"))]
    fn load_with(
        path: impl AsRef<std::path::Path>,
        options: &LoadOptions,
    ) -> Result<(Model<Self>, LoadReport), LoadError> {
        Model::load_with(path, options)
    }
}

/// What a network returns: a shape for one output, a type that `network!` writes
/// for several.
pub trait Outputs: 'static {
    /// The shape as a value; of several outputs, all of their values in a row.
    const RETURNS: Dims;

    /// The tensor, or a struct of one for each head.
    type Value<T: Element>;

    /// Makes it of the values that a run gives.
    #[doc(hidden)]
    fn assemble<T: Element>(graph: &Graph, values: Vec<T>) -> Self::Value<T>;
}

impl<S: Shape> Outputs for S {
    const RETURNS: Dims = S::DIMS;
    type Value<T: Element> = Tensor<T, S>;

    fn assemble<T: Element>(graph: &Graph, values: Vec<T>) -> Tensor<T, S> {
        Tensor::from_parts(S::fitting(graph.output_dims()), values)
    }
}

/// A chain by hand with its input: a network.
///
/// The output is computed at the type level, or written out where a size is
/// outside the table of [`crate::size`]; [`check!`](crate::check) proves it.
///
/// ```
/// use typenet::prelude::*;
///
/// type Net = On<(Conv2d<1, 6, 5, 1, 2>, Relu, MaxPool2d<2, 2>), Chw<1, 28, 28>>;
/// let y: Tensor<f32, Chw<6, 14, 14>> = Net::random(1).forward(&Tensor::zeros());
/// assert_eq!(y.len(), 6 * 14 * 14);
///
/// // 1100 rows are not in the table: the output is written out and proven.
/// type Stem = Conv2d<3, 64, 7, 2, 3>;
/// typenet::check!(Stem: [3, 1100, 1100] -> [64, 550, 550]);
/// type Large = On<Stem, Chw<3, 1100, 1100>, Chw<64, 550, 550>>;
/// assert_eq!(Large::PARAMS, 9472);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct On<N, In, Out = <N as Layer<In>>::Out>(PhantomData<fn(In) -> (N, Out)>);

impl<N: Describe, In: Shape, Out: Shape> Describe for On<N, In, Out> {
    const SPEC: &'static Spec<'static> = N::SPEC;
}

impl<N: Describe, In: Shape, Out: Shape> Network for On<N, In, Out> {
    type Input = In;
    type Output = Out;
}
