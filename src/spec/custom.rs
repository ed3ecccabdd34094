//! A user's own layer as data: what the description and the engines need of it.

use core::panic::{RefUnwindSafe, UnwindSafe};

use super::{Dims, Op, ParamSpec};

/// How a user's layer changes the shape.
#[derive(Clone, Copy, Debug)]
pub enum ShapeRule {
    /// What comes in goes out.
    Same,
    /// As this built-in layer would.
    Like(&'static Op),
    /// One shape in, one shape out.
    Fixed {
        /// What it takes.
        input: Dims,
        /// What it gives.
        output: Dims,
    },
}

/// A user's own layer as data.
#[derive(Clone, Copy, Debug)]
pub struct CustomOp {
    /// The name that summaries and errors show.
    pub name: &'static str,
    /// How it changes the shape.
    pub rule: ShapeRule,
    /// Its parameters, in the order in which [`Call::params`] holds them.
    pub params: &'static [ParamSpec],
    /// Multiply-adds for one output element.
    pub macs_per_output: u64,
    /// What runs it.
    pub kernel: &'static dyn CustomKernel,
}

impl CustomOp {
    /// Whether the shape that comes in always goes out.
    pub const fn keeps_shape(&self) -> bool {
        match self.rule {
            ShapeRule::Same => true,
            ShapeRule::Like(op) => op.keeps_shape(),
            ShapeRule::Fixed { .. } => false,
        }
    }
}

/// One run of a user's layer on one sample.
#[derive(Debug)]
pub struct Call<'a, T> {
    /// What comes in, in C, H, W order.
    pub input: &'a [T],
    /// Its shape.
    pub input_dims: Dims,
    /// The layer's parameters, as its `params` list them.
    pub params: &'a [&'a [T]],
    /// What goes out: write every element.
    pub output: &'a mut [T],
    /// Its shape.
    pub output_dims: Dims,
}

/// A user's layer as the engines call it. Implemented for you by
/// `CustomLayer`; other floats than `f32` go through `f64`.
pub trait CustomKernel: Sync {
    /// Runs one sample in single precision.
    fn run_f32(&self, call: Call<'_, f32>);
    /// Runs one sample in double precision.
    fn run_f64(&self, call: Call<'_, f64>);
}

// A run that panics leaves the network as it was, so a caught panic is no reason to throw
// it away. What state a user's kernel has of its own is its user's affair.
impl UnwindSafe for CustomOp {}
impl RefUnwindSafe for CustomOp {}

impl core::fmt::Debug for dyn CustomKernel {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CustomKernel")
    }
}
