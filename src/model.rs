//! Networks with weights: what runs.
//!
//! [`Model`] is typed: its input and output are shapes the compiler knows.
//! [`AnyModel`] is the same without the types, for programs that choose a
//! network at run time; each can be turned into the other.

#[cfg(feature = "safetensors")]
mod load;
mod transfer;

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use crate::element::Element;
use crate::error::ShapeError;
use crate::explain::Summary;
use crate::graph::{Graph, GraphNode};
use crate::layer::Describe;
use crate::naive;
use crate::network::{Network, Outputs};
use crate::shape::Shape;
use crate::spec::{Dims, Op, Spec};
use crate::tensor::Sample;
use crate::weights::Weights;

/// A network with weights, its types forgotten: shapes are checked when it runs.
///
/// ```
/// use typenet::model::AnyModel;
/// use typenet::prelude::*;
/// use typenet::spec::{Axis, Dims, Node, Op, Pool, Spec, Window};
///
/// // A description that is put together at run time:
/// let window = Window::square(Axis::new(2, 2, 0));
/// let pool = Spec::Op(Op::MaxPool2d(Pool { window, include_pad: false }));
/// let nodes = [Node::new("pool", &pool)];
/// let model = AnyModel::<f32>::random(&Spec::Chain(&nodes), Dims::image(1, 2, 2), 0)?;
/// assert_eq!(model.run(Dims::image(1, 2, 2), &[1.0, 4.0, 2.0, 3.0])?, [4.0]);
/// # Ok::<(), typenet::error::ShapeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AnyModel<T: Element = f32> {
    graph: Graph,
    weights: Weights<T>,
}

impl<T: Element> AnyModel<T> {
    /// The network that `spec` describes, with random weights.
    ///
    /// # Errors
    ///
    /// The first rule that the network breaks.
    pub fn random(spec: &Spec<'_>, input: Dims, seed: u64) -> Result<Self, ShapeError> {
        let graph = Graph::new(spec, input)?;
        let weights = Weights::random(&graph, seed);
        Ok(Self { graph, weights })
    }

    /// The network that `graph` lays out, with the values of its parameters in
    /// its order.
    ///
    /// # Errors
    ///
    /// If a parameter is missing, is one too many or has another length, or a
    /// variance is negative or NaN.
    pub fn from_parameters(graph: Graph, values: Vec<Vec<T>>) -> Result<Self, ShapeError> {
        let weights = Weights::from_vecs(&graph, values)?;
        Ok(Self { graph, weights })
    }

    /// A network and weights that were made for it.
    #[cfg(feature = "zoo")]
    pub(crate) fn from_parts(graph: Graph, weights: Weights<T>) -> Self {
        Self { graph, weights }
    }

    /// The network laid out flat.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The values of its parameters.
    pub fn weights(&self) -> &Weights<T> {
        &self.weights
    }

    /// The values of the parameter called `name`, such as `conv1.weight`.
    pub fn parameter(&self, name: &str) -> Option<&[T]> {
        let index = self.graph.params().iter().position(|param| param.name == name)?;
        self.weights.get(index)
    }

    /// The network as a table.
    pub fn summary(&self) -> Summary {
        Summary::of(&self.graph)
    }

    /// Runs one sample of the shape `dims` on the naive engine.
    ///
    /// # Errors
    ///
    /// If the network takes another shape, or `input` has another length.
    pub fn run(&self, dims: Dims, input: &[T]) -> Result<Vec<T>, ShapeError> {
        self.run_with(dims, input, |_, _, _| {})
    }

    /// As [`run`](AnyModel::run); `tap` sees the output of every node with its
    /// shape.
    ///
    /// # Errors
    ///
    /// As [`run`](AnyModel::run).
    pub fn run_with(
        &self,
        dims: Dims,
        input: &[T],
        tap: impl FnMut(&GraphNode, Dims, &[T]),
    ) -> Result<Vec<T>, ShapeError> {
        let values = self.values();
        if dims.same(self.graph.input()) && !dims.is_dyn() {
            return naive::run(&self.graph, &values, input, tap);
        }
        naive::run(&self.graph.sized(dims)?, &values, input, tap)
    }

    fn values(&self) -> Vec<&[T]> {
        self.weights.iter().collect()
    }

    /// The same as the network type `N`, if it is that network.
    ///
    /// # Errors
    ///
    /// If `N` has other layers or another input; the model is handed back.
    pub fn typed<N: Network>(self) -> Result<Model<N, T>, WrongNetwork<T>> {
        if Model::<N, T>::lay_out().same_network(&self.graph) {
            Ok(Model::from_any(self))
        } else {
            Err(WrongNetwork { model: Box::new(self), network: core::any::type_name::<N>() })
        }
    }

    /// Gives the parameter called `name` other values.
    ///
    /// # Errors
    ///
    /// If no parameter has that name, it has another number of values, or is a
    /// variance and one of them is negative or NaN; then nothing is changed.
    pub fn set_parameter(&mut self, name: &str, values: &[T]) -> Result<(), ShapeError> {
        let mut params = self.graph.params().iter().enumerate();
        let Some((index, param)) = params.find(|(_, param)| param.name == name) else {
            return Err(ShapeError::new(format!("no parameter is called `{name}`")));
        };
        self.weights.set(index, param, values)
    }
}

/// A model that is another network than the type says; it is handed back.
#[derive(Clone, Debug)]
pub struct WrongNetwork<T: Element> {
    model: Box<AnyModel<T>>,
    network: &'static str,
}

impl<T: Element> WrongNetwork<T> {
    /// The model, as it was.
    pub fn into_model(self) -> AnyModel<T> {
        *self.model
    }
}

impl<T: Element> fmt::Display for WrongNetwork<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the model has other layers than `{}`", self.network)
    }
}

impl<T: Element> core::error::Error for WrongNetwork<T> {}

/// A network with weights: `LeNet5::load(path)?` gives one.
///
/// It can be shared between threads; running changes nothing in it. Only this
/// type runs, and it can't be made without weights:
///
/// ```compile_fail,E0599
/// use typenet::prelude::*;
///
/// network! { struct Net: [1, 4, 4] -> [16] { flatten: Flatten } }
/// let y = Net::forward(&Tensor::zeros());
/// ```
pub struct Model<N: Network, T: Element = f32> {
    any: AnyModel<T>,
    network: PhantomData<fn() -> N>,
}

/// What running `N` gives: its output, or a `Result` where a size is `Dyn`.
pub type Ran<N, T> =
    <<N as Network>::Input as Shape>::Ran<<<N as Network>::Output as Outputs>::Value<T>>;

/// What one layer gives during a run.
#[derive(Clone, Copy, Debug)]
pub struct Activation<'a, T> {
    /// The shape.
    pub dims: Dims,
    /// The values, in C, H, W order.
    pub values: &'a [T],
}

impl<N: Network, T: Element> Model<N, T> {
    /// The network with random weights (Kaiming), the same for the same seed.
    pub fn random(seed: u64) -> Self {
        let graph = Self::lay_out();
        let weights = Weights::random(&graph, seed);
        Self::from_any(AnyModel { graph, weights })
    }

    /// The network laid out; proven when it was compiled.
    #[expect(clippy::expect_used, reason = "`PROOF` has checked every rule in const evaluation")]
    fn lay_out() -> Graph {
        const { N::PROOF };
        Graph::new(N::SPEC, N::INPUT).expect("the compiler has proven that the layers fit")
    }

    fn from_any(any: AnyModel<T>) -> Self {
        Self { any, network: PhantomData }
    }

    /// The model with its types forgotten.
    pub fn into_any(self) -> AnyModel<T> {
        self.any
    }

    /// The model with its types forgotten.
    pub fn as_any(&self) -> &AnyModel<T> {
        &self.any
    }

    /// The values of the parameter called `name`, such as `conv1.weight`.
    pub fn parameter(&self, name: &str) -> Option<&[T]> {
        self.any.parameter(name)
    }

    /// Gives the parameter called `name` other values.
    ///
    /// # Errors
    ///
    /// If no parameter has that name, it has another number of values, or is a
    /// variance and one of them is negative or NaN; then nothing is changed.
    pub fn set_parameter(&mut self, name: &str, values: &[T]) -> Result<(), ShapeError> {
        self.any.set_parameter(name, values)
    }

    /// Runs the network on one sample, on the naive engine.
    ///
    /// Where the network's sizes are fixed it can't fail and gives the output;
    /// where one is `Dyn` it gives a `Result`: a window may not fit the image.
    ///
    /// ```compile_fail,E0277
    /// use typenet::prelude::*;
    ///
    /// network! { struct Net: [1, 4, 4] -> [16] { flatten: Flatten } }
    /// let x = Tensor::<f32, Chw<1, 5, 5>>::zeros();
    /// // the network takes `Tensor<f32, Chw<1, 4, 4>>`, but is given `Tensor<f32, Chw<1, 5, 5>>`
    /// let y = Net::random(0).forward(&x);
    /// ```
    pub fn forward(&self, x: &impl Sample<N::Input, T>) -> Ran<N, T> {
        self.forward_with(x, |_, _| {})
    }

    /// As [`forward`](Model::forward); `tap` sees what every layer gives, under
    /// the layer's name.
    pub fn forward_with(
        &self,
        x: &impl Sample<N::Input, T>,
        mut tap: impl FnMut(&str, Activation<'_, T>),
    ) -> Ran<N, T> {
        let values = self.any.values();
        x.sample_shape().ran(&self.any.graph, |graph| {
            let tap = |node: &GraphNode, dims: Dims, values: &[T]| {
                tap(&node.name, Activation { dims, values });
            };
            let y = naive::run_checked(graph, &values, x.sample_values(), tap);
            N::Output::assemble(graph, y)
        })
    }

    /// Runs a batch, sample by sample.
    pub fn forward_batch(&self, batch: &[impl Sample<N::Input, T>]) -> Vec<Ran<N, T>> {
        batch.iter().map(|x| self.forward(x)).collect()
    }

    /// The weights of the layer called `name`, typed by the layer.
    ///
    /// # Errors
    ///
    /// If no layer has that name, or its parameters are not those of an `L`.
    ///
    /// ```
    /// use typenet::prelude::*;
    ///
    /// network! { struct Net: [1, 8, 8] -> [4, 4, 4] { conv: Conv2d<1, 4, K = 5> } }
    /// let net = Net::random(1);
    /// let conv = net.layer::<Conv2d<1, 4, 5>>("conv")?;
    /// assert_eq!(conv.weight().len(), 4 * 5 * 5);
    /// assert_eq!(conv.bias(), Some(&[0.0; 4][..]));
    /// assert!(net.layer::<Conv2d<1, 4, 3>>("conv").is_err());
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn layer<L: Describe>(&self, name: &str) -> Result<LayerWeights<'_, T, L>, ShapeError> {
        let Some(node) = self.any.graph.nodes().iter().find(|node| node.name == name) else {
            return Err(ShapeError::new(format!("no layer is called `{name}`")));
        };
        let own = &self.any.graph.params()[node.params.clone()];
        let same = match L::SPEC {
            Spec::Op(op) => op.params().eq(own.iter().map(|param| param.spec)),
            _ => false,
        };
        if !same {
            let text = format!("`{name}` has other parameters than the type says");
            return Err(ShapeError::new(text));
        }
        let params = node.params.clone().filter_map(|index| self.any.weights.get(index)).collect();
        Ok(LayerWeights { params, layer: PhantomData })
    }
}

/// The weights of one layer of the type `L`.
#[derive(Clone, Debug)]
pub struct LayerWeights<'a, T, L> {
    params: Vec<&'a [T]>,
    layer: PhantomData<fn() -> L>,
}

impl<'a, T, L: Describe> LayerWeights<'a, T, L> {
    /// The layer, as data.
    pub fn op(&self) -> Option<Op> {
        match L::SPEC {
            Spec::Op(op) => Some(*op),
            _ => None,
        }
    }

    /// The weight, in PyTorch's order; empty for a layer without one.
    pub fn weight(&self) -> &'a [T] {
        self.named("weight").unwrap_or(&[])
    }

    /// The bias, if the layer has one.
    pub fn bias(&self) -> Option<&'a [T]> {
        self.named("bias")
    }

    /// The parameter called `name` within the layer.
    pub fn named(&self, name: &str) -> Option<&'a [T]> {
        let index = self.op()?.params().position(|param| param.name == name)?;
        self.params.get(index).copied()
    }
}

impl<N: Network, T: Element> Clone for Model<N, T> {
    fn clone(&self) -> Self {
        Self::from_any(self.any.clone())
    }
}

impl<N: Network, T: Element> fmt::Debug for Model<N, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = core::any::type_name::<N>();
        write!(f, "Model<{name}> {} -> {}", N::INPUT, N::OUTPUT)
    }
}
