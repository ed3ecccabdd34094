//! The blocked engine: a network planned once for its sizes, then run on vectors.
//!
//! ```text
//! Graph + weights ──► Plan ──► run_into(workspace, input, output)
//! ```
//!
//! A [`Plan`] holds all that is known before the first image: a kernel for each
//! layer with its weights packed in the order in which the kernel reads them,
//! sums and activations fused into the layers before them, activations in blocks
//! of channels from layer to layer without conversion, and one workspace in which
//! every value has its place. A run allocates nothing and decides nothing.
//!
//! Where to find what:
//! - `flat`: the network as slices; `schedule`: all that is decided without weights, with
//!   `fuse`, `choose` and `places`, in const evaluation too (`peak`).
//! - `lower`: from a schedule to steps; `fold` folds weights for it.
//! - `layout`: how values lie; `memory`: where, and the views that kernels get.
//! - `tile`: the register tile; `slide`: one for planes, `halves`: for few outputs;
//!   `split`: which of them cover a layer. `cascade`: convolutions that run as one.
//!   `conv`, `transpose`, `winograd`, `window` (depthwise), `grouped`, `planar`, `pool`,
//!   `dense`, `pointwise`, `resample`,
//!   `plain`: the kernels. `activate`: what comes behind them.
//! - `run`: going through the steps; `team`: with several threads; `batch`: for
//!   several images; `table`:
//!   a plan in print.
//! - [`crate::isa`]: the vectors they are written over.
//!
//! A plan is immutable and shared by threads; each brings a [`Workspace`].
//!
//! Subnormal numbers are computed with, not flushed to zero; they are up to 200
//! times slower on most processors. A caller that wants them flushed sets that for
//! its own thread.

#![expect(clippy::inline_always, reason = "a kernel is compiled for its set only if inlined")]

mod activate;
mod batch;
mod cascade;
mod choose;
mod conv;
mod dense;
mod flat;
mod fold;
mod fuse;
mod grouped;
mod halves;
mod layout;
mod lower;
mod memory;
mod pages;
mod peak;
mod places;
mod plain;
mod planar;
mod pointwise;
mod pool;
mod resample;
mod run;
mod schedule;
mod slide;
mod split;
mod step;
mod table;
#[cfg(feature = "threads")]
mod team;
mod tile;
mod transpose;
mod window;
mod winograd;
mod work;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use core::panic::{RefUnwindSafe, UnwindSafe};

pub use choose::ConvKernel;
pub(crate) use flat::path;
pub use peak::Memory;

use crate::element::Element;
use crate::graph::Graph;
#[cfg(target_arch = "aarch64")]
use crate::isa::Neon;
#[cfg(target_arch = "x86_64")]
use crate::isa::{Avx2, Avx512};
use crate::isa::{Isa, IsaError, Portable, Simd};

use batch::Image;
use memory::Buffer;
pub(crate) use run::Row;
use run::{Runner, Typed, Written};

/// What may be chosen about a plan.
#[derive(Clone, Debug)]
pub struct Options {
    /// The instruction set; `None`: what `TYPENET_ISA` says, or the best there is.
    pub isa: Option<Isa>,
    /// Whether Winograd's convolution may be used: one and a half to three times as fast, with a
    /// relative error up to 2e-5 instead of a direct sum's.
    pub winograd: bool,
    /// Threads that a run may use, of which a network too small to gain by them
    /// uses one; `None`: what `TYPENET_THREADS` says, or one, because a server has
    /// other images for its other processors. The result has the same bits for any
    /// number. Not more than there are processors to spare: those that wait for each other
    /// spin. 0 is one, and more than [`MAX_THREADS`] are so many; without the feature
    /// `threads` a run uses one.
    pub threads: Option<usize>,
    /// Multiply-adds of a network from which threads pay, where a weight and a number between
    /// layers count as sixteen; a smaller one runs on the calling thread alone. 0 is for tests.
    pub parallel_macs: u64,
    /// A kernel for every convolution that it can compute, for tests and benches.
    pub force: Option<ConvKernel>,
}

impl Options {
    /// What [`prepare`](crate::Model::prepare) chooses, for consts.
    pub const DEFAULT: Self = Self {
        isa: None,
        winograd: true,
        threads: None,
        parallel_macs: run::PARALLEL_MACS,
        force: None,
    };
}

impl Default for Options {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The most threads that a run takes.
pub const MAX_THREADS: usize = 1024;

/// The threads that `options` ask for.
#[cfg_attr(not(feature = "threads"), expect(clippy::unnecessary_wraps, reason = "no environment"))]
fn threads(options: &Options) -> Result<usize, PlanError> {
    #[cfg(feature = "threads")]
    if let (None, Some(number)) = (options.threads, std::env::var_os("TYPENET_THREADS")) {
        let number = number.to_str().and_then(|number| number.parse().ok());
        return number
            .filter(|number| (1..=MAX_THREADS).contains(number))
            .ok_or(PlanError::Threads);
    }
    Ok(options.threads.unwrap_or(1).clamp(1, MAX_THREADS))
}

/// Why a network can't be planned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlanError {
    /// A size is known only at run time: plan `Graph::sized`.
    OpenSize,
    /// The instruction set can't be used.
    Isa(IsaError),
    /// `TYPENET_THREADS` is no number from 1 to [`MAX_THREADS`].
    Threads,
    /// So many parameters are needed, but so many were given.
    Params {
        /// Needed.
        expected: usize,
        /// Given.
        got: usize,
    },
    /// A parameter has another number of values.
    ParamLen {
        /// Its name.
        name: String,
        /// Values it needs.
        expected: usize,
        /// Values given.
        got: usize,
    },
    /// A variance is negative or NaN.
    Variance {
        /// The parameter.
        name: String,
        /// Which of its values, from 0 on.
        index: usize,
    },
    /// A node reads one that comes later.
    Order,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenSize => f.write_str(
                "a size is open: name it with `prepare_for`, or `Graph::sized`, to plan the network",
            ),
            Self::Isa(error) => error.fmt(f),
            Self::Threads => write!(f, "TYPENET_THREADS is no number from 1 to {MAX_THREADS}"),
            Self::Params { expected, got } => {
                write!(f, "the network has {expected} parameters, but {got} were given")
            }
            Self::ParamLen { name, expected, got } => {
                write!(f, "`{name}` holds {expected} values, but {got} were given")
            }
            Self::Variance { name, index } => {
                write!(f, "`{name}` is a variance, but negative or NaN at index {index}")
            }
            Self::Order => f.write_str("a node reads another one that comes later"),
        }
    }
}

impl core::error::Error for PlanError {}

/// A network planned for its sizes, weights packed, ready to run.
pub struct Plan<T: Element = f32> {
    runner: Box<dyn Runner<T>>,
    isa: Isa,
    /// Threads that were asked for.
    wanted: usize,
    input: usize,
    output: usize,
}

// A plan is what it was after a run that panics, as a user's layer may.
impl<T: Element> UnwindSafe for Plan<T> {}
impl<T: Element> RefUnwindSafe for Plan<T> {}

/// The memory of a run: activations and scratch. Any run of the plan it was made
/// by can use it again; its contents carry nothing over.
pub struct Workspace<T: Element = f32> {
    buffer: Buffer<T>,
    /// The threads of its runs, if the plan has any besides the caller's.
    #[cfg(feature = "threads")]
    team: Option<team::Team>,
}

impl<T: Element> Plan<T> {
    /// Plans `graph` with `params` as it lists them.
    ///
    /// # Errors
    ///
    /// If a size is open, parameters are missing or too long, a variance is negative
    /// or NaN, the instruction set that is asked for can't be used, or
    /// `TYPENET_THREADS` is no number of threads.
    pub fn new(graph: &Graph, params: &[&[T]], options: &Options) -> Result<Self, PlanError> {
        let options = &Options { threads: Some(threads(options)?), ..options.clone() };
        let wanted = match options.isa {
            Some(isa) if isa.is_available() => Ok(isa),
            Some(isa) => Err(IsaError::Missing(isa)),
            None => Isa::from_env(),
        };
        let isa = wanted.map_err(PlanError::Isa)?;
        check(graph, params)?;
        let (Engine(runner), used) = T::engine(isa, graph, params, options)?;
        // Only a set that is asked for by name must be the one.
        if options.isa.is_some_and(|isa| isa != used) {
            return Err(PlanError::Isa(IsaError::Missing(isa)));
        }
        let isa = used;
        let len = |dims: crate::spec::Dims| dims.elements().ok_or(PlanError::OpenSize);
        let wanted = options.threads.unwrap_or(1);
        Ok(Self {
            runner,
            isa,
            wanted,
            input: len(graph.input())?,
            output: len(graph.output_dims())?,
        })
    }

    /// Memory for one run at a time.
    pub fn workspace(&self) -> Workspace<T> {
        Workspace {
            buffer: Buffer::zeroed(self.runner.workspace()),
            #[cfg(feature = "threads")]
            team: (self.threads() > 1).then(|| team::Team::new(self.threads())),
        }
    }

    /// The memory of a run, by what it is for; a const for those who know the options
    /// at compile time ([`Memory::of`]).
    pub fn memory(&self) -> Memory {
        self.runner.memory()
    }

    /// Bytes of a workspace.
    pub fn workspace_bytes(&self) -> usize {
        self.runner.workspace() * size_of::<T>()
    }

    /// Bytes of packed weights.
    pub fn weight_bytes(&self) -> usize {
        self.runner.rows().iter().map(|row| row.facts.weight_bytes).sum()
    }

    /// Threads of a run: 1 where the work is too small for more.
    pub fn threads(&self) -> usize {
        self.runner.threads()
    }

    /// The instruction set it runs on.
    pub fn isa(&self) -> Isa {
        self.isa
    }

    /// Runs the network on `input`, channel by channel and row by row, and
    /// writes the result to `output` likewise. Allocates nothing.
    ///
    /// # Panics
    ///
    /// If a length is not the network's, or the workspace is smaller than this plan's.
    pub fn run_into(&self, workspace: &mut Workspace<T>, input: &[T], output: &mut [T]) {
        self.run_steps(0..usize::MAX, workspace, input, output, &|_| {});
    }

    fn check(&self, workspace: &Workspace<T>, input: &[T], output: &[T]) {
        assert_eq!(input.len(), self.input, "the input has another length");
        assert_eq!(output.len(), self.output, "the output has another length");
        let fits = workspace.buffer.len() >= self.runner.workspace();
        assert!(fits, "the workspace is another plan's");
    }

    /// Runs the network once, with a workspace and an output of its own.
    pub fn run(&self, input: &[T]) -> Vec<T> {
        let mut output = vec![T::zero(); self.output];
        self.run_into(&mut self.workspace(), input, &mut output);
        output
    }

    /// Runs some steps, on what those before have left in the workspace, and calls `after`
    /// behind each with its number, on the thread that is the last to end its part; for
    /// profiles.
    #[doc(hidden)]
    pub fn run_steps(
        &self,
        steps: Range<usize>,
        workspace: &mut Workspace<T>,
        input: &[T],
        output: &mut [T],
        after: &(dyn Fn(usize) + Sync),
    ) {
        self.check(workspace, input, output);
        let steps = steps.start..steps.end.min(self.runner.steps());
        let image = &mut Image { workspace: workspace.buffer.as_mut_slice(), input, output };
        #[cfg(feature = "threads")]
        if let Some(team) = workspace.team.as_mut().filter(|team| team.size() <= self.threads()) {
            return self.runner.run_team(team, steps, image, after);
        }
        self.runner.run(steps, image, &mut |written| after(written.step));
    }

    /// Runs the network on one thread and hands `see` what each step gives, in
    /// words and in numbers, with the node of the graph that it completes.
    pub(crate) fn run_seen(&self, input: &[T], mut see: impl FnMut(usize, &Row, Vec<T>)) {
        let (mut workspace, rows) = (self.workspace(), self.runner.rows());
        let mut output = vec![T::zero(); self.output];
        self.check(&workspace, input, &output);
        let mut after = |written: Written<'_, T>| {
            if let Some(node) = written.node {
                see(node, &rows[written.step], written.to_vec());
            }
        };
        let (workspace, output) = (workspace.buffer.as_mut_slice(), &mut output[..]);
        let image = &mut Image { workspace, input, output };
        self.runner.run(0..self.runner.steps(), image, &mut after);
    }
}

/// What runs a plan of numbers of one type, and the set that it runs on.
#[doc(hidden)]
pub struct Engine<T: Element>(Box<dyn Runner<T>>);

impl<T: Element> fmt::Debug for Engine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// The engine of `simd`.
fn engine<S: Simd>(
    simd: S,
    graph: &Graph,
    params: &[&[S::E]],
    options: &Options,
) -> Result<Engine<S::E>, PlanError> {
    Ok(Engine(Box::new(Typed::new(simd, graph, params, options)?)))
}

/// The portable engine, for any float.
pub(crate) fn portable<T: Element>(
    graph: &Graph,
    params: &[&[T]],
    options: &Options,
) -> Result<(Engine<T>, Isa), PlanError> {
    Ok((engine(Portable::<T>::new(), graph, params, options)?, Isa::Scalar))
}

/// The engine of `f32` for an available set. Not generic, so that the kernels are
/// compiled here, once, and not again in every crate that prepares a network.
pub(crate) fn engine_f32(
    isa: Isa,
    graph: &Graph,
    params: &[&[f32]],
    options: &Options,
) -> Result<(Engine<f32>, Isa), PlanError> {
    #[allow(unused_macros, reason = "not every processor has a set")]
    macro_rules! on {
        ($token:ty) => {
            match <$token>::new() {
                Some(simd) => Ok((engine(simd, graph, params, options)?, isa)),
                None => Err(PlanError::Isa(IsaError::Missing(isa))),
            }
        };
    }
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => on!(Avx2),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => on!(Avx512),
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => on!(Neon),
        _ => Ok((portable(graph, params, options)?.0, isa)),
    }
}

/// The engine of `f64`, compiled here as well.
pub(crate) fn engine_f64(
    graph: &Graph,
    params: &[&[f64]],
    options: &Options,
) -> Result<(Engine<f64>, Isa), PlanError> {
    portable(graph, params, options)
}

/// Whether the parameters are those of the graph.
fn check<T: Element>(graph: &Graph, params: &[&[T]]) -> Result<(), PlanError> {
    if graph.params().len() != params.len() {
        return Err(PlanError::Params { expected: graph.params().len(), got: params.len() });
    }
    for (spec, values) in graph.params().iter().zip(params) {
        if spec.len() != values.len() {
            let (expected, got) = (spec.len(), values.len());
            return Err(PlanError::ParamLen { name: spec.name.clone(), expected, got });
        }
        if let Some(index) = spec.unfit(values) {
            return Err(PlanError::Variance { name: spec.name.clone(), index });
        }
    }
    Ok(())
}

impl<T: Element> fmt::Debug for Plan<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("isa", &self.isa).finish_non_exhaustive()
    }
}

impl<T: Element> fmt::Debug for Workspace<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").field("len", &self.buffer.len()).finish_non_exhaustive()
    }
}

impl<T: Element> fmt::Display for Plan<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table::write(f, self.isa, &self.runner.rows(), self.memory())
    }
}
