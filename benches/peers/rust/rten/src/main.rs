//! rten. `RTEN_NUM_THREADS` says how many threads.

use protocol::{Error, Model, Subject, serve};
use rten::{ModelOptions, Value};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;

struct Net {
    model: rten::Model,
    input: Tensor<f32>,
    output: Option<Value>,
}

impl Net {
    fn load(subject: &Subject, input: Vec<f32>) -> Result<Self, Error> {
        let mut options = ModelOptions::with_all_ops();
        let model = options.prepack_weights(true).load_file(subject.path("onnx"))?;
        Ok(Self { model, input: Tensor::from_data(&subject.shape()?, input), output: None })
    }
}

impl Model for Net {
    fn run(&mut self) -> Result<(), Error> {
        self.output = Some(self.model.run_one(self.input.view().into(), None)?);
        Ok(())
    }

    fn output(&self) -> Result<Vec<f32>, Error> {
        let output: Tensor<f32> = self.output.clone().ok_or("not run yet")?.try_into()?;
        Ok(output.to_vec())
    }
}

fn main() -> Result<(), Error> {
    serve("rten", Net::load)
}
