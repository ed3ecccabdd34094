//! A network as a table: a row for each layer, the columns that are asked for, as
//! text, Markdown, JSON or HTML.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::formats;
use super::receptive_field::{self, Field, ReceptiveField};
use super::text::{self, Table};
use crate::blocked::{Memory, Options};
use crate::graph::{Graph, GraphNode, NodeKind, Source};
use crate::naive;
use crate::spec::{self, Dims, Spec};

/// A column of a [`Summary`], behind that of the layers' names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// The shape that goes out.
    Output,
    /// Parameters to learn.
    Params,
    /// Multiply-adds ([how they are counted](crate::spec::macs)).
    Macs,
    /// Bytes that values take up while the naive engine runs the layer: [`Row::memory`].
    Memory,
    /// Bytes of its workspace that the blocked engine uses while it runs the layer:
    /// [`Row::workspace`].
    Workspace,
    /// Rows × columns of the input that one cell of the output sees.
    Field,
    /// How far what neighbours see lies apart.
    Stride,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Output,
        Self::Params,
        Self::Macs,
        Self::Memory,
        Self::Workspace,
        Self::Field,
        Self::Stride,
    ];

    /// What stands above it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Output => "output",
            Self::Params => "weights",
            Self::Macs => "multiply-adds",
            Self::Memory => "memory",
            Self::Workspace => "workspace",
            Self::Field => "receptive field",
            Self::Stride => "stride",
        }
    }
}

/// One layer of a [`Summary`].
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Row {
    /// The path of field names.
    pub name: String,
    /// The kind of layer.
    pub kind: String,
    /// The shape that goes out.
    pub output: Dims,
    /// Parameters to learn.
    pub params: u64,
    /// Multiply-adds; `None` where a size is known only at run time.
    pub macs: Option<u64>,
    /// Bytes of all values that are alive while the naive engine runs the layer, at
    /// 4 bytes each: its output, and what earlier layers gave and this or a later
    /// one reads. The network's input is the caller's. `None` where a size is known
    /// only at run time.
    pub memory: Option<u64>,
    /// Bytes of its workspace that the blocked engine uses while it runs the layer,
    /// prepared as [`Network::MEMORY`](crate::Network::MEMORY) says: activations that are
    /// alive, and scratch. `None` where the layer is fused into another one, or a size is
    /// known only at run time.
    pub workspace: Option<u64>,
    /// What a cell of the output sees of the input.
    pub field: ReceptiveField,
}

/// A network as a table; `{}` prints it.
///
/// ```
/// use typenet::explain::Column;
/// use typenet::prelude::*;
///
/// network! {
///     struct Net: [1, 8, 8] -> [10] {
///         conv: Conv2d<1, 4, K = 3>,
///         flatten: Flatten,
///         fc: Linear<144, 10>,
///     }
/// }
/// let summary = Net::summary().with(&[Column::Output, Column::Macs, Column::Field]);
/// assert_eq!(
///     summary.to_string(),
///     "layer            output  multiply-adds  receptive field
/// input             1×8×8              -                -
/// conv Conv2d       4×6×6           1296              3×3
/// flatten Flatten     144              0              8×8
/// fc Linear            10           1440              8×8
/// total                             2736
/// "
/// );
/// assert!(summary.to_markdown().starts_with("| layer | output |"));
/// assert!(summary.to_json().starts_with("{\"input\":[1,8,8],\"layers\":[{\"name\":\"conv\","));
/// assert!(summary.to_html().starts_with("<table>"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    input: Dims,
    rows: Vec<Row>,
    columns: Vec<Column>,
    peak_workspace: Option<u64>,
}

impl Summary {
    /// Reads the description; a network that does not fit has no rows.
    pub(crate) fn new(spec: &Spec<'_>, input: Dims) -> Self {
        match Graph::new(spec, input) {
            Ok(graph) => Self::of(&graph),
            Err(_) => Self { input, rows: Vec::new(), columns: Vec::new(), peak_workspace: None },
        }
    }

    /// Reads a graph.
    pub fn of(graph: &Graph) -> Self {
        let fields = receptive_field::table(graph);
        let memory = memory(graph);
        let (peak, workspace) = match Memory::by_layer(graph, &Options::DEFAULT) {
            Some((memory, layers)) => (Some(memory.workspace), layers),
            None => (None, vec![None; memory.len()]),
        };
        let parts = graph.nodes().iter().zip(fields).zip(memory.into_iter().zip(workspace));
        let rows = parts.map(|((node, field), (memory, workspace))| Row {
            name: node.name.clone(),
            kind: node.kind.name().to_string(),
            output: node.dims,
            params: params(graph, node),
            macs: macs(graph, node),
            memory,
            workspace,
            field,
        });
        let columns = [Column::Output, Column::Params].to_vec();
        Self { input: graph.input(), rows: rows.collect(), columns, peak_workspace: peak }
    }

    /// The same with these columns to print, instead of output and weights.
    pub fn with(self, columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), ..self }
    }

    /// The shape that goes in.
    pub fn input(&self) -> Dims {
        self.input
    }

    /// The layers in running order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The columns to print.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Parameters to learn, of all layers.
    pub fn params(&self) -> u64 {
        self.rows.iter().map(|row| row.params).fold(0, u64::saturating_add)
    }

    /// Multiply-adds of one run; `None` where a size is known only then.
    pub fn macs(&self) -> Option<u64> {
        self.rows.iter().try_fold(0_u64, |sum, row| Some(sum.saturating_add(row.macs?)))
    }

    /// The largest [`Row::memory`]: the bytes that a run of the naive engine needs
    /// for its values.
    pub fn peak_memory(&self) -> Option<u64> {
        self.rows.iter().try_fold(0, |most: u64, row| Some(most.max(row.memory?)))
    }

    /// The bytes of the blocked engine's workspace: [`Network::PEAK`].
    ///
    /// [`Network::PEAK`]: crate::Network::PEAK
    pub fn peak_workspace(&self) -> Option<u64> {
        self.peak_workspace
    }

    /// The table in Markdown, as GitHub reads it.
    pub fn to_markdown(&self) -> String {
        formats::markdown(&self.table())
    }

    /// The table in HTML: one `<table>`, numbers of the class `n`.
    pub fn to_html(&self) -> String {
        formats::html(&self.table())
    }

    /// The table in JSON, on one line: shapes as lists in which `null` is a size
    /// known only at run time, numbers as numbers.
    pub fn to_json(&self) -> String {
        formats::json(self)
    }

    /// The cells as text: a row for the input, one for each layer, and the totals.
    fn table(&self) -> Table {
        let line = |first: String, cell: &dyn Fn(Column) -> String| -> Vec<String> {
            let cells = self.columns.iter().map(|&column| cell(column));
            [first].into_iter().chain(cells).collect()
        };
        let input = line("input".to_string(), &|column| match column {
            Column::Output => self.input.to_string(),
            _ => "-".to_string(),
        });
        let layers = self
            .rows
            .iter()
            .map(|row| line(format!("{} {}", row.name, row.kind), &|column| row.cell(column)));
        let foot = line("total".to_string(), &|column| match column {
            Column::Params => self.params().to_string(),
            Column::Macs => number(self.macs()),
            Column::Memory => number(self.peak_memory()),
            Column::Workspace => number(self.peak_workspace),
            Column::Output | Column::Field | Column::Stride => String::new(),
        });
        Table {
            head: line("layer".to_string(), &|column| column.title().to_string()),
            rows: [input].into_iter().chain(layers).collect(),
            foot,
        }
    }
}

impl Row {
    fn cell(&self, column: Column) -> String {
        let ReceptiveField { h, w } = &self.field;
        match column {
            Column::Output => self.output.to_string(),
            Column::Params if self.params == 0 => "-".to_string(),
            Column::Params => self.params.to_string(),
            Column::Macs => number(self.macs),
            Column::Memory => number(self.memory),
            Column::Workspace => self.workspace.map_or("-".to_string(), |n| n.to_string()),
            Column::Field => format!("{}×{}", pixels(h), pixels(w)),
            Column::Stride => format!("{}×{}", h.stride, w.stride),
        }
    }
}

/// A number, if it is known before a run.
fn number(n: Option<u64>) -> String {
    n.map_or("?".to_string(), |n| n.to_string())
}

/// What a cell sees of an axis: all of one whose size comes at run time.
fn pixels(field: &Field) -> String {
    if field.size == u64::MAX { "all".to_string() } else { field.size.to_string() }
}

fn params(graph: &Graph, node: &GraphNode) -> u64 {
    let params = &graph.params()[node.params.clone()];
    params.iter().filter(|param| param.spec.learnt).map(|param| param.len() as u64).sum()
}

fn macs(graph: &Graph, node: &GraphNode) -> Option<u64> {
    node.dims.elements()?;
    match node.kind {
        // As `spec::macs`, which panics where a number passes `u64::MAX`.
        NodeKind::Op(op) => {
            let macs = spec::local_twin(&Spec::Op(op), graph.dims_of(node.inputs[0]));
            Some(u64::try_from(macs).unwrap_or(u64::MAX))
        }
        NodeKind::Join(_) => Some(0),
    }
}

/// Bytes that are alive while each node runs.
fn memory(graph: &Graph) -> Vec<Option<u64>> {
    let bytes = |dims: Dims| dims.elements().map(|n| (n as u64).saturating_mul(4));
    let last_reader = naive::last_readers(graph);
    let mut freed = vec![false; last_reader.len()];
    let (mut alive, mut all) = (Some(0_u64), Vec::new());
    for (index, node) in graph.nodes().iter().enumerate() {
        alive = alive.and_then(|alive| alive.checked_add(bytes(node.dims)?));
        all.push(alive);
        for &source in &node.inputs {
            if let Source::Node(from) = source
                && last_reader[from] == index
                && !core::mem::replace(&mut freed[from], true)
            {
                alive = alive.zip(bytes(graph.nodes()[from].dims)).map(|(a, b)| a - b);
            }
        }
    }
    all
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Table { head, rows, foot } = self.table();
        let lines: Vec<_> = [head].into_iter().chain(rows).chain([foot]).collect();
        text::table(f, &lines, 1)
    }
}
