//! A network made ready for the blocked engine.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use crate::blocked::{Options, Plan, PlanError, Workspace};
use crate::element::Element;
use crate::error::ShapeError;
use crate::graph::Graph;
use crate::model::{AnyModel, Model};
use crate::network::{Network, Outputs};
use crate::shape::{FixedShape, Shape};
use crate::tensor::Sample;

/// A network planned for the blocked engine: [`Model::prepare`] makes it.
///
/// Weights are packed, kernels chosen, buffers laid out; `{}` prints the plan, a
/// line for each layer. A runner is shared by threads; each brings a workspace.
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     struct Net: [1, 8, 8] -> [10] {
///         conv: Conv2d<1, 8, K = 3>,
///         relu: Relu,
///         flatten: Flatten,
///         fc: Linear<_, 10>,
///     }
/// }
/// let net = Net::random(1);
/// let x = Tensor::from_fn(|[_, y, x]: [usize; 3]| (x + y) as f32);
/// let runner = net.prepare();
/// let y = runner.run(&x);
/// for (fast, naive) in y.iter().zip(net.forward(&x).iter()) {
///     assert!((fast - naive).abs() < 1e-4);
/// }
/// ```
pub struct Runner<N: Network, T: Element = f32> {
    plan: Plan<T>,
    graph: Graph,
    network: PhantomData<fn() -> N>,
}

impl<N: Network, T: Element> Model<N, T> {
    /// Makes the network ready for the blocked engine, on the best instruction set
    /// that this CPU has, with one thread. `TYPENET_ISA` chooses a lesser set,
    /// `TYPENET_THREADS` more threads.
    ///
    /// # Panics
    ///
    /// If `TYPENET_ISA` names a set that is unknown or that this CPU does not have, or
    /// `TYPENET_THREADS` is no number; [`prepare_with`](Model::prepare_with) returns
    /// that as an error.
    #[expect(clippy::panic, reason = "a setting of the whole program that can't be followed")]
    pub fn prepare(&self) -> Runner<N, T>
    where
        N::Input: FixedShape,
    {
        match self.prepare_with(&Options::default()) {
            Ok(runner) => runner,
            Err(error) => panic!("{error}"),
        }
    }

    /// As [`prepare`](Model::prepare), with options.
    ///
    /// # Errors
    ///
    /// If the instruction set that is asked for can't be used, or `TYPENET_THREADS` is no
    /// number of threads.
    pub fn prepare_with(&self, options: &Options) -> Result<Runner<N, T>, PlanError>
    where
        N::Input: FixedShape,
    {
        self.plan(self.as_any().graph().clone(), options)
    }

    /// As [`prepare_with`](Model::prepare_with), for a network with `Dyn` sizes and
    /// images of this one shape.
    ///
    /// # Errors
    ///
    /// If the shape does not suit the network, and as [`prepare_with`](Model::prepare_with).
    pub fn prepare_for(
        &self,
        shape: N::Input,
        options: &Options,
    ) -> Result<Runner<N, T>, PrepareError> {
        let graph = self.as_any().graph().sized(shape.dims()).map_err(PrepareError::Shape)?;
        self.plan(graph, options).map_err(PrepareError::Plan)
    }

    fn plan(&self, graph: Graph, options: &Options) -> Result<Runner<N, T>, PlanError> {
        let plan = plan(self.as_any(), &graph, options)?;
        Ok(Runner { plan, graph, network: PhantomData })
    }
}

impl<T: Element> AnyModel<T> {
    /// Makes the network ready for the blocked engine: [`Model::prepare_with`] where
    /// the type is forgotten. The plan takes and gives slices.
    ///
    /// ```
    /// use typenet::blocked::Options;
    /// use typenet::prelude::*;
    ///
    /// network! { struct Net: [3] -> [2] { fc: Linear<3, 2> } }
    /// let any = Net::random(1).into_any();
    /// assert_eq!(any.plan(&Options::default())?.run(&[0.0; 3]), [0.0; 2]);
    /// # Ok::<(), typenet::blocked::PlanError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a size is open, and as [`Model::prepare_with`].
    pub fn plan(&self, options: &Options) -> Result<Plan<T>, PlanError> {
        plan(self, self.graph(), options)
    }
}

/// The plan of the network laid out as `graph`, its sizes known.
fn plan<T: Element>(
    model: &AnyModel<T>,
    graph: &Graph,
    options: &Options,
) -> Result<Plan<T>, PlanError> {
    let values: Vec<&[T]> = model.weights().iter().collect();
    Plan::new(graph, &values, options)
}

impl<N: Network, T: Element> Runner<N, T> {
    /// The plan: kernels, buffers, costs.
    pub fn plan(&self) -> &Plan<T> {
        &self.plan
    }

    /// The memory of a run, to be used again by [`run_into`](Runner::run_into).
    pub fn workspace(&self) -> Workspace<T> {
        self.plan.workspace()
    }

    /// Runs one sample in a workspace of its own, with threads of its own if the runner was
    /// prepared for several: where there are more samples, [`run_into`](Runner::run_into)
    /// uses both again.
    ///
    /// # Panics
    ///
    /// If the runner was made for another run-time shape
    /// ([`prepare_for`](Model::prepare_for)).
    pub fn run(&self, x: &impl Sample<N::Input, T>) -> <N::Output as Outputs>::Value<T> {
        let mut output = vec![T::zero(); self.graph.output_dims().elements().unwrap_or(0)];
        self.plan.run_into(&mut self.workspace(), x.sample_values(), &mut output);
        N::Output::assemble(&self.graph, output)
    }

    /// Runs several samples, with the threads that the runner was prepared for, each
    /// on samples of its own; the values are those of [`run`](Runner::run), bit for
    /// bit. A fully-connected layer reads its weights from memory once for up to
    /// eight samples, so a thread takes memory for up to eight workspaces.
    ///
    /// ```
    /// use typenet::prelude::*;
    ///
    /// network! {
    ///     struct Net: [3] -> [2] { fc: Linear<3, 2> }
    /// }
    /// let runner = Net::random(1).prepare();
    /// let samples: Vec<Tensor<f32, Vector<3>>> =
    ///     (0..5).map(|n| Tensor::from_fn(|i: usize| (n * i) as f32)).collect();
    /// for (x, y) in samples.iter().zip(runner.run_batch(&samples)) {
    ///     assert_eq!(y, runner.run(x));
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// As [`run`](Runner::run).
    pub fn run_batch(
        &self,
        samples: &[impl Sample<N::Input, T>],
    ) -> Vec<<N::Output as Outputs>::Value<T>> {
        let inputs: Vec<&[T]> = samples.iter().map(Sample::sample_values).collect();
        let outputs = self.plan.run_batch(&inputs).into_iter();
        outputs.map(|output| N::Output::assemble(&self.graph, output)).collect()
    }

    /// Runs one sample and allocates nothing; `output` gets the values of
    /// [`run`](Runner::run), those of several heads one after the other.
    ///
    /// # Panics
    ///
    /// If `output` has another length than the network's output, or the runner was
    /// made for another run-time shape.
    pub fn run_into(
        &self,
        workspace: &mut Workspace<T>,
        x: &impl Sample<N::Input, T>,
        output: &mut [T],
    ) {
        self.plan.run_into(workspace, x.sample_values(), output);
    }
}

impl<N: Network, T: Element> fmt::Display for Runner<N, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plan.fmt(f)
    }
}

impl<N: Network, T: Element> fmt::Debug for Runner<N, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Runner<{}>", core::any::type_name::<N>())
    }
}

/// Why a network can't be prepared for a run-time shape.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PrepareError {
    /// The shape does not suit the network.
    Shape(ShapeError),
    /// The plan can't be made.
    Plan(PlanError),
}

impl fmt::Display for PrepareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(error) => error.fmt(f),
            Self::Plan(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for PrepareError {}
