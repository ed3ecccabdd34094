//! The values of a network's parameters: random, given, or from a file.
//!
//! [`Weights`] holds a slice of numbers for each parameter of a [`Graph`], in
//! its order. They come from [`Weights::random`], [`Weights::from_vecs`] or,
//! with the feature `safetensors`, from a file in the [safetensors] format or, with
//! the feature `pth`, a checkpoint of PyTorch.
//!
//! # Loading is strict
//!
//! What loads is what was saved, or nothing: every parameter must be in the
//! file under its own name and shape, and nothing else may be; one error lists
//! all that differs, and suggests names that are nearly right. A load changes no
//! value, so numbers must be of a type that the network's hold exactly: `F16`,
//! `BF16` and `F32` load into `f32`, and `F64` also into `f64`. Who wants to
//! round says so: [`Weights::cast`]. NaN and infinite values are refused, and
//! negative variances. The one thing passed over is `num_batches_tracked`, an
//! integer that torch's batch norm keeps for training.
//!
//! Who wants less strictness asks for it: `LoadOptions` map names and allow a
//! part. The report says where every value came from.
//!
//! # Why our own reader
//!
//! The `safetensors` crate brings twelve more crates with it, `serde` among
//! them, and accepts what no file should contain, such as two tensors of one
//! name. The reader here is a few hundred lines, needs nothing, and has
//! `SafeTensors` as a face for other files than weights. The macro that checks a
//! file at compile time is made of the same lines.
//!
//! [safetensors]: https://huggingface.co/docs/safetensors

#[cfg(feature = "safetensors")]
mod archive;
#[cfg(feature = "safetensors")]
pub(crate) mod compiled;
#[cfg(feature = "safetensors")]
mod error;
#[cfg(all(feature = "safetensors", feature = "std"))]
mod file;
#[cfg(feature = "safetensors")]
mod files;
#[cfg(feature = "safetensors")]
mod format;
#[cfg(feature = "safetensors")]
mod load;
#[cfg(feature = "mmap")]
mod map;
#[cfg(feature = "safetensors")]
mod names;
#[cfg(feature = "safetensors")]
mod number;
#[cfg(feature = "safetensors")]
mod options;
#[cfg(feature = "pth")]
mod pth;
mod random;
#[cfg(feature = "safetensors")]
mod safetensors;
#[cfg(feature = "safetensors")]
mod save;
#[cfg(feature = "safetensors")]
mod suggest;

use alloc::format;
use alloc::vec::Vec;
use core::fmt::{self, Debug, Formatter};
use core::slice;

use crate::element::Element;
use crate::error::ShapeError;
use crate::graph::{Graph, GraphParam};

#[cfg(feature = "pth")]
pub use self::pth::PthError;
#[cfg(feature = "safetensors")]
pub use self::{
    error::{LoadError, LoadErrorKind, Mismatch, Misshapen, Missing, SaveError, WrongDType},
    format::{DType, FormatError, TensorShape},
    names::{BadPattern, Names},
    options::{LoadOptions, LoadReport, Loaded},
    safetensors::{SafeTensors, TensorView},
};

/// The values of every parameter of a network, in the order of
/// [`Graph::params`].
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
/// assert_eq!(weights.len(), 2);
/// assert_eq!(weights.get(0).map(<[f32]>::len), Some(8));
/// assert_eq!(weights.get(1), Some(&[0.0, 0.0][..]));
/// # Ok::<(), typenet::error::ShapeError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Weights<T> {
    values: Vec<Vec<T>>,
}

/// The values of each parameter; [`Weights::iter`] makes it.
///
/// ```
/// # use typenet::graph::Graph;
/// # use typenet::spec::{Dims, Spec};
/// use typenet::weights::{Iter, Weights};
///
/// fn largest(values: Iter<'_, f32>) -> f32 {
///     values.flatten().copied().fold(f32::MIN, f32::max)
/// }
/// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
/// # assert_eq!(largest(Weights::random(&graph, 0).iter()), f32::MIN);
/// # Ok::<(), typenet::error::ShapeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Iter<'a, T> {
    values: slice::Iter<'a, Vec<T>>,
}

impl<T> Weights<T> {
    /// The values of the `index`-th parameter, in C order; `None` past the last.
    ///
    /// ```
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::Weights;
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// let weights = Weights::<f32>::random(&graph, 0);
    /// assert_eq!(weights.get(graph.params().len()), None);
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn get(&self, index: usize) -> Option<&[T]> {
        self.values.get(index).map(Vec::as_slice)
    }

    /// The number of parameters (of tensors, not of values).
    ///
    /// ```
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::Weights;
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// assert_eq!(Weights::<f32>::random(&graph, 0).len(), graph.params().len());
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the network has no parameters.
    ///
    /// ```
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::Weights;
    /// let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// assert!(Weights::<f32>::random(&graph, 0).is_empty());
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values of each parameter, in order.
    ///
    /// ```
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::Weights;
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// # let weights = Weights::<f32>::random(&graph, 0);
    /// for (param, values) in graph.params().iter().zip(weights.iter()) {
    ///     println!("{}: {} values", param.name, values.len());
    /// }
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { values: self.values.iter() }
    }

    /// That these can be the weights of `graph`.
    pub(crate) fn check(&self, graph: &Graph) -> Result<(), ShapeError>
    where
        T: Element,
    {
        let (expected, got) = (graph.params().len(), self.len());
        if expected != got {
            let text = format!("the network has {expected} parameters, but {got} were given");
            return Err(ShapeError::new(text));
        }
        let mut pairs = graph.params().iter().zip(&self.values);
        pairs.try_for_each(|(param, values)| param.check(values))
    }
}

impl<T: Element> Weights<T> {
    /// Weights to start training, or a test, from: He et al.'s uniform
    /// distribution.
    ///
    /// Filters and matrices are drawn from U(−√(6/n), √(6/n)) with n =
    /// [`fan_in`](crate::spec::ParamSpec::fan_in), the number of products that
    /// make one output: a variance of 2/n. The rest starts at a constant: biases
    /// at 0, scales at 1.
    ///
    /// The same seed gives the same values on every platform, and an `f32`
    /// network has those of the `f64` network, rounded. Memory is the
    /// only thing it needs; as with any vector, lack of it aborts.
    ///
    /// ```
    /// use typenet::graph::Graph;
    /// use typenet::spec::{Dims, Linear, Node, Op, Spec};
    /// use typenet::weights::Weights;
    ///
    /// let fc = Spec::Op(Op::Linear(Linear { inputs: 6, outputs: 2, bias: false }));
    /// let graph = Graph::new(&Spec::Chain(&[Node::new("fc", &fc)]), Dims::vector(6))?;
    ///
    /// let weights = Weights::<f32>::random(&graph, 42);
    /// assert_eq!(weights, Weights::random(&graph, 42));
    /// assert_ne!(weights, Weights::random(&graph, 43));
    /// assert!(weights.iter().flatten().all(|w| w.abs() < 1.0));
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    #[must_use]
    pub fn random(graph: &Graph, seed: u64) -> Self {
        let params = graph.params().iter().enumerate();
        Self { values: params.map(|(index, param)| random::start(param, seed, index)).collect() }
    }

    /// These values, a vector for each parameter, in the order of
    /// [`Graph::params`] and C order within.
    ///
    /// # Errors
    ///
    /// If their numbers are not those of the network's parameters, or a variance is
    /// negative or NaN.
    ///
    /// ```
    /// use typenet::graph::Graph;
    /// use typenet::spec::{Dims, Linear, Node, Op, Spec};
    /// use typenet::weights::Weights;
    ///
    /// let fc = Spec::Op(Op::Linear(Linear { inputs: 2, outputs: 1, bias: true }));
    /// let graph = Graph::new(&Spec::Chain(&[Node::new("fc", &fc)]), Dims::vector(2))?;
    ///
    /// let weights = Weights::from_vecs(&graph, vec![vec![1.0, -1.0], vec![0.5]])?;
    /// assert_eq!(weights.get(1), Some(&[0.5][..]));
    ///
    /// let error = Weights::from_vecs(&graph, vec![vec![1.0], vec![0.5]]).unwrap_err();
    /// assert_eq!(error.to_string(), "`fc.weight` holds 2 values, but 1 were given");
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn from_vecs(graph: &Graph, values: Vec<Vec<T>>) -> Result<Self, ShapeError> {
        let weights = Self { values };
        weights.check(graph)?;
        Ok(weights)
    }

    /// Overwrites the `index`-th parameter, which is `param`, with as many values.
    pub(crate) fn set(
        &mut self,
        index: usize,
        param: &GraphParam,
        values: &[T],
    ) -> Result<(), ShapeError> {
        param.check(values)?;
        if let Some(own) = self.values.get_mut(index) {
            own.copy_from_slice(values);
        }
        Ok(())
    }

    /// The same weights in another type of number, rounded to the nearest.
    ///
    /// ```
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::Weights;
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// let double = Weights::<f64>::random(&graph, 1);
    /// assert_eq!(double.cast::<f32>(), Weights::random(&graph, 1));
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    #[must_use]
    pub fn cast<U: Element>(&self) -> Weights<U> {
        let cast = |values: &[T]| values.iter().map(|x| U::from_double(x.to_double())).collect();
        Weights { values: self.iter().map(cast).collect() }
    }
}

impl<T> Debug for Weights<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let values: usize = self.iter().map(<[T]>::len).sum();
        write!(f, "Weights({} parameters, {values} values)", self.len())
    }
}

impl<'a, T> IntoIterator for &'a Weights<T> {
    type Item = &'a [T];
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a [T];

    fn next(&mut self) -> Option<&'a [T]> {
        self.values.next().map(Vec::as_slice)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.values.size_hint()
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}
