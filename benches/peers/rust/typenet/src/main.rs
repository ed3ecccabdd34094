//! typenet. The one argument is the name to answer under, and says what is not
//! the default:
//!
//! - `typenet`: as `prepare` gives it;
//! - `typenet-strict`: without Winograd;
//! - `typenet-avx2`, …: on this instruction set;
//! - `typenet-nchw`: a single layer reads and writes planes, as networks do. By
//!   default it has its own layout on both sides, as PyTorch (channels last) and
//!   XNNPACK have, and as within a network.
//!
//! Networks of the zoo are its types; others come from the description that all
//! workers share.

mod description;

use std::time::Instant;

use protocol::{Error, Model, Subject, serve, threads};
use typenet::blocked::{Options, Plan, Workspace};
use typenet::graph::Graph;
use typenet::isa::Isa;
use typenet::zoo;

struct Net {
    plan: Plan,
    workspace: Workspace,
    /// The samples of the batch.
    input: Vec<Vec<f32>>,
    output: Vec<Vec<f32>>,
    /// The step to time, if not the whole.
    step: Option<usize>,
}

/// The network of the zoo that has this name, or the one that is described.
fn graph(subject: &Subject) -> Result<(Graph, Vec<Vec<f32>>), Error> {
    let (lines, values) = (subject.description()?, subject.numbers("bin")?);
    let base = subject.name.split('@').next().unwrap_or_default();
    let Ok(entry) = zoo::find(base) else { return description::graph(&lines, &values) };
    let (graph, mut rest) = (entry.graph(), &values[..]);
    let mut params = vec![];
    for param in graph.params() {
        let (own, behind) = rest.split_at_checked(param.len()).ok_or("too few parameters")?;
        params.push(own.to_vec());
        rest = behind;
    }
    Ok((graph, params))
}

impl Net {
    fn load(engine: &str, subject: &Subject, input: &[f32]) -> Result<Self, Error> {
        let words: Vec<&str> = engine.split('-').collect();
        let isa = words.iter().find_map(|word| Isa::from_name(word));
        let winograd = !words.contains(&"strict");
        let (graph, params) = graph(subject)?;
        let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
        let options = Options { isa, winograd, threads: Some(threads()), ..Options::default() };
        let layer = graph.nodes().len() == 1 && params.len() == 2 && !words.contains(&"nchw");
        let graph = if layer { description::behind_blocks(&graph)? } else { graph };
        let plan = Plan::new(&graph, &params, &options)?;
        let rows = plan.to_string();
        let step = layer.then(|| rows.lines().skip(1).position(|row| row.starts_with("layer")));
        let outputs = graph.output_dims().elements().ok_or("an open size")?;
        let samples = graph.input().elements().ok_or("an open size")?;
        let input: Vec<Vec<f32>> = input.chunks_exact(samples).map(<[f32]>::to_vec).collect();
        Ok(Self {
            workspace: plan.workspace(),
            output: vec![vec![0.0; outputs]; input.len()],
            plan,
            input,
            step: step.flatten(),
        })
    }
}

impl Model for Net {
    fn run(&mut self) -> Result<(), Error> {
        if self.input.len() > 1 {
            let input: Vec<&[f32]> = self.input.iter().map(Vec::as_slice).collect();
            self.output = self.plan.run_batch(&input);
            return Ok(());
        }
        for (input, output) in self.input.iter().zip(&mut self.output) {
            self.plan.run_into(&mut self.workspace, input, output);
        }
        Ok(())
    }

    fn timed(&mut self) -> Result<f64, Error> {
        let start = Instant::now();
        let Some(step) = self.step else {
            self.run()?;
            return Ok(start.elapsed().as_secs_f64() * 1e3);
        };
        // Its input lies there from the first run, as that of the peers' layers does.
        for (input, output) in self.input.iter().zip(&mut self.output) {
            let (steps, workspace) = (step..step + 1, &mut self.workspace);
            self.plan.run_steps(steps, workspace, input, output, &|_| {});
        }
        Ok(start.elapsed().as_secs_f64() * 1e3)
    }

    fn output(&self) -> Result<Vec<f32>, Error> {
        Ok(self.output.concat())
    }
}

fn main() -> Result<(), Error> {
    let engine = std::env::args().nth(1).unwrap_or_else(|| "typenet".into());
    serve(&engine, |subject, input| Net::load(&engine, subject, &input))
}
