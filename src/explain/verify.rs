//! The fast engine against the naive one, layer by layer.
//!
//! One run of the blocked engine gives the result of each of its steps (a layer
//! with what is fused behind it). Each is held against the naive engine twice:
//!
//! - *own*: the naive engine gets what the fast one gave to this step. So an error
//!   shows where it is made and nowhere else; this names the worst.
//! - *since the input*: both engines run on their own from the input on. What the
//!   steps lose adds up, or is forgotten.
//!
//! A difference is the L2 norm ‖fast − naive‖ / ‖naive‖: single values may cancel
//! to nearly nothing, where the least rounding error is as large as they are, and
//! a tolerance for each value is then either blind or never holds.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::blocked::{Options, Plan};
use crate::element::Element;
use crate::error::ShapeError;
use crate::graph::{Graph, Source};
use crate::isa::Isa;
use crate::model::{AnyModel, Model};
use crate::naive;
use crate::network::Network;
use crate::runner::PrepareError;
use crate::shape::Shape;
use crate::spec::Dims;
use crate::tensor::{Storage, Tensor};

/// What a step's own difference may be in `f32`, as Winograd's convolution is
/// allowed; a direct sum of 25,088 products is a tenth of it off.
const BOUND: f64 = 2e-5;

/// How far two results lie apart.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Difference {
    /// ‖fast − naive‖ / ‖naive‖; infinite where one has a NaN or an infinity that
    /// the other has not.
    pub relative: f64,
    /// The largest |fast − naive| of one value.
    pub largest: f64,
    /// Where that is, counting in C, H, W order.
    pub at: usize,
}

impl Difference {
    /// Of what the fast engine gave and what the naive one did.
    fn between<T: Element>(fast: &[T], naive: &[T]) -> Self {
        let (mut off, mut norm, mut most) = (0.0, 0.0, Self::default());
        for (at, (fast, naive)) in fast.iter().zip(naive).enumerate() {
            let (fast, naive) = (fast.to_double(), naive.to_double());
            if fast.total_cmp(&naive).is_eq() || (fast.is_nan() && naive.is_nan()) {
                norm += if naive.is_finite() { naive * naive } else { 0.0 };
                continue;
            }
            let by = (fast - naive).abs();
            let by = if by.is_nan() { f64::INFINITY } else { by };
            (off, norm) = (off + by * by, norm + naive * naive);
            if by > most.largest {
                (most.largest, most.at) = (by, at);
            }
        }
        // An infinity on either side, or anything at all where naive gives zeros.
        let relative = if off == 0.0 { 0.0 } else { num_traits::Float::sqrt(off / norm) };
        most.relative = if relative.is_nan() { f64::INFINITY } else { relative };
        most
    }
}

/// One step of the fast engine, held against the naive one.
#[derive(Clone, PartialEq, Debug)]
pub struct Verified {
    /// The layer; its kind, where it has no name.
    pub name: String,
    /// What is fused behind it: `norm, add, relu`.
    pub fused: String,
    /// The kernel that runs it.
    pub kernel: String,
    /// The shape of the result.
    pub dims: Dims,
    /// On what the fast engine gave to this step.
    pub own: Difference,
    /// On the input of the network.
    pub since_input: Difference,
}

/// The fast engine against the naive one; [`Model::verify`] makes it, `{}` prints it.
#[derive(Clone, PartialEq, Debug)]
pub struct Verification {
    isa: Isa,
    bound: f64,
    steps: Vec<Verified>,
}

impl Verification {
    /// Runs both engines on `input`, for which `graph` is sized.
    fn new<T: Element>(graph: &Graph, params: &[&[T]], plan: &Plan<T>, input: &[T]) -> Self {
        let mut fast: Vec<Option<Vec<T>>> = vec![None; graph.nodes().len()];
        let mut steps: Vec<(usize, Verified)> = Vec::new();
        plan.run_seen(input, |node, row, values| {
            fast[node] = Some(values);
            let kind = graph.nodes()[node].kind.name();
            let verified = Verified {
                name: if row.name.is_empty() { kind.to_string() } else { row.name.clone() },
                fused: row.fused.clone(),
                kernel: row.facts.kernel.to_string(),
                dims: graph.nodes()[node].dims,
                own: Difference::default(),
                since_input: Difference::default(),
            };
            steps.push((node, verified));
        });
        let since_input = since_input(graph, params, input, &fast);
        let own = own(graph, params, input, fast);
        for (node, step) in &mut steps {
            (step.own, step.since_input) = (own[*node], since_input[*node]);
        }
        let epsilon = T::epsilon().to_double() / f64::from(f32::EPSILON);
        let steps = steps.into_iter().map(|(_, step)| step).collect();
        Self { isa: plan.isa(), bound: BOUND * epsilon, steps }
    }

    /// The instruction set of the fast engine.
    pub fn isa(&self) -> Isa {
        self.isa
    }

    /// The steps in running order.
    pub fn steps(&self) -> &[Verified] {
        &self.steps
    }

    /// The step whose own difference is the largest; `None` for a network without
    /// layers.
    pub fn worst(&self) -> Option<&Verified> {
        self.steps.iter().max_by(|a, b| a.own.relative.total_cmp(&b.own.relative))
    }

    /// The own difference that [`agrees`](Verification::agrees) allows: 2e-5 for
    /// `f32`, and for other numbers as much more or less as they are less or more
    /// precise.
    pub fn bound(&self) -> f64 {
        self.bound
    }

    /// Whether no step is off by more than rounding explains.
    pub fn agrees(&self) -> bool {
        self.worst().is_none_or(|worst| worst.own.relative <= self.bound)
    }
}

/// Both engines from the input on, by node.
fn since_input<T: Element>(
    graph: &Graph,
    params: &[&[T]],
    input: &[T],
    fast: &[Option<Vec<T>>],
) -> Vec<Difference> {
    let mut all = Vec::with_capacity(fast.len());
    naive::run_checked(graph, params, input, |_, _, values| {
        let fast = fast[all.len()].as_ref();
        all.push(fast.map_or(Difference::default(), |fast| Difference::between(fast, values)));
    });
    all
}

/// Each node on what the fast engine made of those before it, by node. Where the
/// fast engine has no result, because several nodes are one step, the naive one's
/// goes on.
fn own<T: Element>(
    graph: &Graph,
    params: &[&[T]],
    input: &[T],
    fast: Vec<Option<Vec<T>>>,
) -> Vec<Difference> {
    let mut all = Vec::with_capacity(fast.len());
    let mut results: Vec<Vec<T>> = Vec::with_capacity(fast.len());
    for (node, fast) in graph.nodes().iter().zip(fast) {
        let read = |&from: &Source| match from {
            Source::Input => input,
            Source::Node(index) => &results[index],
        };
        let reads: Vec<&[T]> = node.inputs.iter().map(read).collect();
        let naive = naive::run_node(graph, node, &reads, params);
        let difference = fast.as_ref().map(|fast| Difference::between(fast, &naive));
        all.push(difference.unwrap_or_default());
        results.push(fast.unwrap_or(naive));
    }
    all
}

impl<T: Element> AnyModel<T> {
    /// Runs one sample of the shape `dims` on both engines and compares them layer
    /// by layer.
    ///
    /// # Errors
    ///
    /// If the network takes another shape, `input` has another length, or the
    /// instruction set that is asked for can't be used.
    pub fn verify(
        &self,
        dims: Dims,
        input: &[T],
        options: &Options,
    ) -> Result<Verification, PrepareError> {
        let graph = self.graph().sized(dims).map_err(PrepareError::Shape)?;
        if dims.elements() != Some(input.len()) {
            return Err(PrepareError::Shape(ShapeError::length(dims, input.len())));
        }
        let params: Vec<&[T]> = self.weights().iter().collect();
        let plan = Plan::new(&graph, &params, options).map_err(PrepareError::Plan)?;
        Ok(Verification::new(&graph, &params, &plan, input))
    }
}

impl<N: Network, T: Element> Model<N, T> {
    /// Runs `x` on both engines and compares them layer by layer: how far the fast
    /// engine is off, and where most.
    ///
    /// It takes as long as two runs of the naive engine and the memory of all
    /// activations. [`AnyModel::verify`] takes options, an instruction set say.
    ///
    /// # Errors
    ///
    /// If a run-time size of `x` does not suit the network, or `TYPENET_ISA` names a
    /// set that can't be used.
    ///
    /// ```
    /// use typenet::prelude::*;
    ///
    /// network! {
    ///     struct Net: [3, 16, 16] -> [10] {
    ///         conv: Conv2d<3, 16, K = 3, P = 1>,
    ///         relu: Relu,
    ///         pool: GlobalAvgPool2d,
    ///         fc: Linear<_, 10>,
    ///     }
    /// }
    /// let x = Tensor::from_fn(|[c, y, x]: [usize; 3]| (c + y) as f32 / 16.0 - x as f32 / 8.0);
    /// let report = Net::random(1).verify(&x)?;
    /// assert!(report.agrees(), "{report}");
    /// println!("the worst is {}", report.worst().unwrap().name);
    /// # Ok::<(), typenet::runner::PrepareError>(())
    /// ```
    pub fn verify<B: Storage<T>>(
        &self,
        x: &Tensor<T, N::Input, B>,
    ) -> Result<Verification, PrepareError> {
        self.as_any().verify(x.shape().dims(), x.as_slice(), &Options::default())
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["layer", "kernel", "output", "own difference", "since the input"];
        let mut table = vec![head.map(String::from).to_vec()];
        table.extend(self.steps.iter().map(|step| {
            let plus = if step.fused.is_empty() { "" } else { " + " };
            let (own, since) = (step.own.relative, step.since_input.relative);
            vec![
                format!("{}{plus}{}", step.name, step.fused),
                step.kernel.clone(),
                step.dims.to_string(),
                format!("{own:.1e}"),
                format!("{since:.1e}"),
            ]
        }));
        super::text::table(f, &table, 2)?;
        let Some(worst) = self.worst() else { return writeln!(f, "there is nothing to compare") };
        let (isa, bound, own) = (self.isa, self.bound, worst.own);
        let verdict = if self.agrees() { "the engines agree" } else { "the engines DIFFER" };
        writeln!(
            f,
            "{isa}, within {bound:.0e}: {verdict}; the worst is `{}` ({}), off by {:.1e}, at most \
             {:.1e} at value {}",
            worst.name, worst.kernel, own.relative, own.largest, own.at
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences() {
        let between = |a: [f64; 3], b: [f64; 3]| Difference::between(&a, &b);
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        assert_eq!(between([nan, inf, 0.0], [nan, inf, -0.0]), Difference::default());
        let off = between([3.0, 4.5, 0.0], [3.0, 4.0, 0.0]);
        assert_eq!(off, Difference { relative: 0.1, largest: 0.5, at: 1 });
        assert!(between([1e-9, 0.0, 0.0], [0.0; 3]).relative.is_infinite());
        for (fast, naive) in [(nan, 1.0), (1.0, nan), (inf, 1.0), (1.0, inf), (inf, -inf)] {
            let off = between([5.0, fast, 5.0], [5.0, naive, 5.0]);
            assert_eq!(off, Difference { relative: inf, largest: inf, at: 1 });
        }
    }
}
