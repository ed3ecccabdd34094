//! A network as a table: layer, output, weights.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::graph::Graph;
use crate::spec::{Dims, Spec};

/// One layer of a [`Summary`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The path of field names.
    pub name: String,
    /// The kind of layer.
    pub kind: String,
    /// The shape that goes out.
    pub output: Dims,
    /// Parameters to learn.
    pub params: u64,
}

/// A network as a table; `{}` prints it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    input: Dims,
    rows: Vec<Row>,
}

impl Summary {
    /// Reads the description; a network that does not fit has no rows.
    pub(crate) fn new(spec: &Spec<'_>, input: Dims) -> Self {
        match Graph::new(spec, input) {
            Ok(graph) => Self::of(&graph),
            Err(_) => Self { input, rows: Vec::new() },
        }
    }

    /// Reads a graph.
    pub fn of(graph: &Graph) -> Self {
        let rows = graph.nodes().iter().map(|node| {
            let params = &graph.params()[node.params.clone()];
            let learnt = params.iter().filter(|param| param.spec.learnt);
            Row {
                name: node.name.clone(),
                kind: node.kind.name().to_string(),
                output: node.dims,
                params: learnt.map(|param| param.len() as u64).sum(),
            }
        });
        Self { input: graph.input(), rows: rows.collect() }
    }

    /// The shape that goes in.
    pub fn input(&self) -> Dims {
        self.input
    }

    /// The layers in running order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Parameters to learn, of all layers.
    pub fn params(&self) -> u64 {
        self.rows.iter().map(|row| row.params).sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cell = |row: &Row| {
            let params = if row.params == 0 { "-".to_string() } else { row.params.to_string() };
            [format!("{} {}", row.name, row.kind), row.output.to_string(), params]
        };
        let head = ["layer", "output", "weights"].map(String::from);
        let input = ["input".to_string(), self.input.to_string(), "-".to_string()];
        let total = ["total".to_string(), String::new(), self.params().to_string()];
        let table: Vec<[String; 3]> =
            [head, input].into_iter().chain(self.rows.iter().map(cell)).chain([total]).collect();
        let width = |i: usize| table.iter().map(|row| row[i].chars().count()).max().unwrap_or(0);
        let (a, b, c) = (width(0), width(1), width(2));
        for [layer, output, weights] in &table {
            writeln!(f, "{layer:<a$}  {output:>b$}  {weights:>c$}")?;
        }
        Ok(())
    }
}
