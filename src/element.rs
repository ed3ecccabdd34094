//! The numbers that networks compute with.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Debug;

use num_traits::{Float, FromPrimitive};

use crate::blocked::{self, Engine, Options, PlanError};
use crate::graph::Graph;
use crate::isa::Isa;
use crate::spec::{Call, CustomOp};

/// A floating-point number that tensors hold and networks compute with.
///
/// Implemented for `f32` and `f64`; any other `num_traits` float joins with an
/// empty `impl`.
pub trait Element: Float + FromPrimitive + Debug + Default + Send + Sync + 'static {
    /// The nearest value to `x`.
    fn from_double(x: f64) -> Self {
        Self::from_f64(x).unwrap_or_else(Self::nan)
    }

    /// This value in double precision.
    fn to_double(self) -> f64 {
        self.to_f64().unwrap_or(f64::NAN)
    }

    /// Plans a network for the blocked engine: on the set asked for if it holds
    /// numbers of this type, else on the portable one; says on which.
    #[doc(hidden)]
    fn engine(
        isa: Isa,
        graph: &Graph,
        params: &[&[Self]],
        options: &Options,
    ) -> Result<(Engine<Self>, Isa), PlanError> {
        let _ = isa;
        blocked::portable(graph, params, options)
    }

    /// Runs a user's layer on numbers of this type; through `f64` unless the
    /// type has a way of its own.
    #[doc(hidden)]
    fn run_custom(op: &CustomOp, call: Call<'_, Self>) {
        let widen = |values: &[Self]| values.iter().map(|x| x.to_double()).collect::<Vec<f64>>();
        let (input, mut output) = (widen(call.input), vec![0.0; call.output.len()]);
        let params: Vec<Vec<f64>> = call.params.iter().map(|values| widen(values)).collect();
        let params: Vec<&[f64]> = params.iter().map(Vec::as_slice).collect();
        op.kernel.run_f64(Call {
            input: &input,
            input_dims: call.input_dims,
            params: &params,
            output: &mut output,
            output_dims: call.output_dims,
        });
        for (to, from) in call.output.iter_mut().zip(output) {
            *to = Self::from_double(from);
        }
    }
}

impl Element for f32 {
    fn engine(
        isa: Isa,
        graph: &Graph,
        params: &[&[Self]],
        options: &Options,
    ) -> Result<(Engine<Self>, Isa), PlanError> {
        blocked::engine_f32(isa, graph, params, options)
    }

    fn run_custom(op: &CustomOp, call: Call<'_, Self>) {
        op.kernel.run_f32(call);
    }
}

impl Element for f64 {
    fn engine(
        _isa: Isa,
        graph: &Graph,
        params: &[&[Self]],
        options: &Options,
    ) -> Result<(Engine<Self>, Isa), PlanError> {
        blocked::engine_f64(graph, params, options)
    }

    fn run_custom(op: &CustomOp, call: Call<'_, Self>) {
        op.kernel.run_f64(call);
    }
}
