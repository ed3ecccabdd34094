//! What a case becomes: a network that is described at run time, and what it
//! is run on.

use std::fmt;

use typenet::blocked::{self, Options};
use typenet::error::ShapeError;
use typenet::graph::Graph;
use typenet::isa::Isa;
use typenet::naive;
use typenet::spec::{Dims, Spec};

use crate::file::{Case, Tensor};
use crate::{joins, larger, pointwise, products, windows};

/// A network, and the samples to run it on.
pub struct Plan {
    graph: Graph,
    samples: usize,
    input: Vec<f32>,
    /// The parameters that each sample is run with.
    params: Box<dyn Fn(usize) -> Vec<Vec<f32>>>,
    /// Whether the output is to have the very shape that the case names; else
    /// its numbers were read as another shape, and only they count.
    shaped: bool,
}

/// What runs the cases.
#[derive(Clone, Copy, Debug)]
pub enum Engine {
    Naive,
    Blocked(Isa),
}

impl Engine {
    /// Every engine, on each instruction set of this processor.
    pub fn all() -> Vec<Self> {
        [Self::Naive].into_iter().chain(Isa::available().map(Self::Blocked)).collect()
    }

    fn run(self, graph: &Graph, params: &[&[f32]], input: &[f32]) -> Result<Vec<f32>, Stop> {
        let isa = match self {
            Self::Naive => return Ok(naive::run(graph, params, input, |_, _, _| {})?),
            Self::Blocked(isa) => isa,
        };
        let options = Options { isa: Some(isa), ..Options::default() };
        let plan = blocked::Plan::new(graph, params, &options);
        Ok(plan.map_err(|error| error.to_string())?.run(input))
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Naive => f.write_str("naive"),
            Self::Blocked(isa) => write!(f, "blocked on {isa}"),
        }
    }
}

/// Why a case is left out. There are no other reasons.
pub enum Reason {
    ThreeD,
    Training,
    ReflectPadding,
    Axes,
    NotNamed(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ThreeD => f.write_str("a window over three axes (3-D)"),
            Self::Training => f.write_str("training mode"),
            Self::ReflectPadding => f.write_str("padding with what is in the image"),
            Self::Axes => f.write_str("over other axes"),
            Self::NotNamed(op) => write!(f, "operator not named yet: {op}"),
        }
    }
}

/// Why there is no plan, or no right answer.
pub enum Stop {
    LeftOut(Reason),
    Failed(String),
}

impl Stop {
    /// The same, told of one engine.
    pub fn on(self, engine: Engine) -> Self {
        match self {
            Self::Failed(text) => Self::Failed(format!("{engine}: {text}")),
            left_out => left_out,
        }
    }
}

impl From<String> for Stop {
    fn from(text: String) -> Self {
        Self::Failed(text)
    }
}

impl From<ShapeError> for Stop {
    fn from(error: ShapeError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Plan {
    /// Runs `spec` on samples of the shape `dims`, all with the same parameters.
    pub fn new(
        spec: &Spec<'_>,
        dims: Dims,
        input: Vec<f32>,
        params: Vec<Vec<f32>>,
    ) -> Result<Self, Stop> {
        let samples = input.len().checked_div(dims.elements().unwrap_or(0)).unwrap_or(0);
        let graph = Graph::new(spec, dims)?;
        let params = Box::new(move |_| params.clone());
        Ok(Self { graph, samples, input, params, shaped: true })
    }

    /// Likewise, each sample with parameters of its own.
    pub fn with_params(self, params: impl Fn(usize) -> Vec<Vec<f32>> + 'static) -> Self {
        Self { params: Box::new(params), ..self }
    }

    /// The output may have another shape, as long as its numbers are right.
    pub fn reshaped(self) -> Self {
        Self { shaped: false, ..self }
    }

    /// Runs sample after sample, and puts their outputs one behind the other.
    fn run(&self, engine: Engine) -> Result<Tensor, Stop> {
        let len = self.graph.input().elements().unwrap_or(0);
        let mut values = vec![];
        for sample in 0..self.samples {
            let params = (self.params)(sample);
            let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
            let input = &self.input[sample * len..][..len];
            values.extend(engine.run(&self.graph, &params, input)?);
        }
        let mut shape = vec![self.samples];
        match self.graph.output_dims() {
            Dims::Image { c, h, w } => shape.extend([c, h.or_zero(), w.or_zero()]),
            Dims::Vector(n) => shape.push(n.or_zero()),
            Dims::Unknown => {}
        }
        Ok(Tensor { shape, values })
    }

    /// Compares as ONNX does: |a − b| ≤ 1e-7 + 1e-3·|b|, and NaN is NaN.
    pub fn check(&self, engine: Engine, wanted: &Tensor) -> Result<(), Stop> {
        let got = self.run(engine)?;
        // A vector is an image of one pixel, a sound an image of one row.
        let sizes = |tensor: &Tensor| -> Vec<usize> {
            tensor.shape.iter().copied().filter(|&size| size != 1).collect()
        };
        if got.values.len() != wanted.values.len() || (self.shaped && sizes(&got) != sizes(wanted))
        {
            let text = format!("the output is {:?}, not {:?}", got.shape, wanted.shape);
            return Err(Stop::Failed(text));
        }
        for (index, (&a, &b)) in got.values.iter().zip(&wanted.values).enumerate() {
            if !close(a, b) {
                return Err(Stop::Failed(format!("output {index} is {a}, not {b}")));
            }
        }
        Ok(())
    }
}

fn close(a: f32, b: f32) -> bool {
    let (a, b) = (f64::from(a), f64::from(b));
    a == b
        || (a.is_nan() && b.is_nan())
        || (b.is_finite() && (a - b).abs() <= 1e-7 + 1e-3 * b.abs())
}

/// What `case` becomes.
pub fn plan(case: &Case<'_>) -> Result<Plan, Stop> {
    match case.op() {
        "Conv" => windows::conv(case),
        "MaxPool" | "AveragePool" => windows::pool(case),
        "LpPool" => windows::lp_pool(case),
        "ConvTranspose" => larger::conv_transpose(case),
        "Pad" => larger::pad(case),
        "DepthToSpace" => larger::depth_to_space(case),
        "Resize" | "Upsample" => larger::upsample(case),
        "LRN" => larger::response_norm(case),
        "GlobalAveragePool" | "GlobalMaxPool" => windows::global_pool(case),
        "Gemm" => products::gemm(case),
        "MatMul" => products::matmul(case),
        "Add" | "Sum" => joins::add(case),
        "Mul" => joins::mul(case),
        "Concat" => joins::concat(case),
        "Relu" | "LeakyRelu" | "Elu" | "Sigmoid" | "Tanh" | "HardSwish" | "HardSigmoid"
        | "Gelu" | "Swish" => pointwise::activation(case),
        "Clip" => pointwise::clip(case),
        "PRelu" => pointwise::prelu(case),
        "BatchNormalization" => pointwise::batch_norm(case),
        "Softmax" | "LogSoftmax" => pointwise::softmax(case),
        "Flatten" => pointwise::flatten(case),
        "Identity" => pointwise::identity(case),
        "Dropout" => pointwise::dropout(case),
        other => Err(not_named(other)),
    }
}

pub fn not_named(op: &str) -> Stop {
    Stop::LeftOut(Reason::NotNamed(op.into()))
}

/// Whether a node that behaves otherwise in training is in training.
pub fn trains(case: &Case<'_>) -> bool {
    // Up to version 6 a node said so itself, and training was the default.
    let before = case.opset() < 7 && case.int("is_test").unwrap_or(0) == 0;
    before || case.int("training_mode").unwrap_or(0) != 0
}

/// An axis, or the place behind the last one; negative ones count from the end.
pub fn axis_index(shape: &[usize], axis: i64) -> Result<usize, String> {
    let rank = shape.len();
    let from_end = || rank.checked_sub(usize::try_from(axis.unsigned_abs()).ok()?);
    let index = usize::try_from(axis).ok().or_else(from_end).filter(|&index| index <= rank);
    index.ok_or(format!("{shape:?} has no axis {axis}"))
}

/// A shape seen from one axis: sizes before it, its own, those behind it.
///
/// Reading it as samples, channels and pixels moves no number.
pub struct View {
    pub outer: usize,
    pub len: usize,
    pub inner: usize,
}

impl View {
    pub fn new(shape: &[usize], axis: i64) -> Result<Self, String> {
        let axis = axis_index(shape, axis)?;
        let Some(&len) = shape.get(axis) else {
            return Err(format!("{shape:?} has no axis {axis}"));
        };
        let product = |sizes: &[usize]| sizes.iter().product();
        let (outer, inner) = (product(&shape[..axis]), product(&shape[axis + 1..]));
        Ok(Self { outer, len, inner })
    }
}

/// Where the value at `index` of a tensor of `shape` comes from in one of the
/// shape `from` that was broadcast to it (as in numpy).
pub fn broadcast_index(shape: &[usize], mut index: usize, from: &[usize]) -> usize {
    let (mut at, mut step) = (0, 1);
    for (axis, &size) in shape.iter().rev().enumerate() {
        let own = from.iter().rev().nth(axis).copied().unwrap_or(1);
        if own != 1 {
            at += index % size * step;
        }
        step *= own;
        index /= size;
    }
    at
}
