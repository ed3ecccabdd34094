//! tract.

use std::sync::Arc;

use protocol::{Error, Model, Subject, serve, threads};
use tract_linalg::multithread::{Executor, set_default_executor};
use tract_onnx::prelude::*;

struct Net {
    plan: Arc<TypedRunnableModel>,
    input: TValue,
    output: Option<TValue>,
}

impl Net {
    fn load(subject: &Subject, input: Vec<f32>) -> Result<Self, Error> {
        let model = tract_onnx::onnx().model_for_path(subject.path("onnx"))?;
        let plan = model.into_optimized()?.into_runnable()?;
        let input = tract_ndarray::ArrayD::from_shape_vec(subject.shape()?, input)?;
        Ok(Self { plan, input: input.into_tensor().into(), output: None })
    }
}

impl Model for Net {
    fn run(&mut self) -> Result<(), Error> {
        self.output = Some(self.plan.run(tvec!(self.input.clone()))?.remove(0));
        Ok(())
    }

    fn output(&self) -> Result<Vec<f32>, Error> {
        let output = self.output.as_ref().ok_or("not run yet")?;
        Ok(output.to_plain_array_view::<f32>()?.iter().copied().collect())
    }
}

fn main() -> Result<(), Error> {
    if threads() > 1 {
        set_default_executor(Executor::multithread(threads()));
    }
    serve("tract", Net::load)
}
