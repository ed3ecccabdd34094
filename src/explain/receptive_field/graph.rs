//! The same over a laid-out network: every layer, and the very pixels.

use alloc::vec;
use alloc::vec::Vec;

use super::reach::{Reach, to_i64, to_usize};
use super::walk::{Region, capped, common, growth};
use super::{ReceptiveField, Rectangle, Span, fields, larger};
use crate::graph::{Graph, NodeKind, Source};
use crate::spec::Dims;

/// What the cells behind each of [`Graph::nodes`] see, in its order.
///
/// ```
/// use typenet::explain::receptive_field::table;
/// use typenet::prelude::*;
///
/// network! {
///     struct Net: [1, 28, 28] -> [4, 12, 12] {
///         conv1: Conv2d<1, 4, K = 3>,
///         conv2: Conv2d<4, 4, K = 3>,
///         pool: MaxPool2d<K = 2>,
///     }
/// }
/// let net = Net::random(1);
/// let fields = table(net.as_any().graph());
/// let sizes: Vec<u64> = fields.iter().map(|field| field.h.size).collect();
/// assert_eq!(sizes, [3, 5, 6]);
/// assert_eq!(fields[2], Net::FIELD);
/// ```
pub fn table(graph: &Graph) -> Vec<ReceptiveField> {
    let periods = periods(graph);
    let nodes = 0..graph.nodes().len();
    nodes.map(|node| of_node(graph, node, periods[node])).collect()
}

fn of_node(graph: &Graph, node: usize, period: u64) -> ReceptiveField {
    let period = period.cast_signed();
    let back = |phase| back(graph, node, Region::cell(phase, phase));
    let seen: Vec<Region> = (0..period).map(back).collect();
    let sizes = seen.iter().fold((0, 0), |sizes, &region| larger(sizes, region));
    let some = |region: &Region| region.h != Span::Nothing && region.w != Span::Nothing;
    let origin = seen.iter().position(some).unwrap_or(0);
    let next = back(period.saturating_add(to_i64(origin)));
    fields(graph.input(), sizes, (seen[origin], next), period)
}

/// What of the input the region of the node's output needs, padding included.
fn back(graph: &Graph, node: usize, region: Region) -> Region {
    let region = match graph.nodes()[node].dims {
        Dims::Image { .. } => region,
        _ => Region::WHOLE,
    };
    let mut needs = vec![Region::NOTHING; node + 1];
    let mut input = Region::NOTHING;
    needs[node] = region;
    for index in (0..=node).rev() {
        let node = &graph.nodes()[index];
        for &source in &node.inputs {
            let arrives = graph.dims_of(source);
            let own = match node.kind {
                NodeKind::Op(op) => needs[index].behind(&op, arrives, false),
                NodeKind::Join(join) => needs[index].of_arm(join, node.dims, arrives),
            };
            let all = match source {
                Source::Input => &mut input,
                Source::Node(from) => &mut needs[from],
            };
            *all = all.union(own);
        }
    }
    input
}

/// After how many cells each node's output sees in the same way again.
fn periods(graph: &Graph) -> Vec<u64> {
    let mut all: Vec<u64> = Vec::with_capacity(graph.nodes().len());
    for node in graph.nodes() {
        let before = node.inputs.iter().map(|source| match source {
            Source::Input => 1,
            Source::Node(from) => all[*from],
        });
        let before = before.fold(1, common);
        all.push(match node.kind {
            NodeKind::Op(op) => capped(before, growth(&op, graph.dims_of(node.inputs[0]))),
            NodeKind::Join(_) => before,
        });
    }
    all
}

/// Pixels of a map, each of which is marked or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pixels {
    width: usize,
    marks: Vec<bool>,
}

impl Pixels {
    fn none(dims: Dims) -> Self {
        let (height, width) = sides(dims);
        Self { width, marks: vec![false; height * width] }
    }

    /// Rows and columns of the map.
    pub fn size(&self) -> [usize; 2] {
        [self.marks.len().checked_div(self.width).unwrap_or(0), self.width]
    }

    /// Whether this pixel is marked; one outside is not.
    pub fn contains(&self, [row, column]: [usize; 2]) -> bool {
        column < self.width && self.marks.get(row * self.width + column) == Some(&true)
    }

    /// The marked pixels, row by row.
    pub fn iter(&self) -> impl Iterator<Item = [usize; 2]> {
        let marked = self.marks.iter().enumerate().filter(|(_, mark)| **mark);
        marked.map(|(index, _)| [index / self.width, index % self.width])
    }

    /// The smallest rectangle around them.
    pub fn rectangle(&self) -> Option<Rectangle> {
        self.iter().fold(None, |all, [row, column]| {
            let all =
                all.unwrap_or(Rectangle { top: row, bottom: row, left: column, right: column });
            Some(Rectangle {
                top: all.top.min(row),
                bottom: all.bottom.max(row),
                left: all.left.min(column),
                right: all.right.max(column),
            })
        })
    }

    /// The rows in which something is marked, with their marks.
    fn lines(&self) -> impl Iterator<Item = (usize, &[bool])> {
        let lines = self.marks.chunks(self.width.max(1)).enumerate();
        lines.filter(|(_, marks)| marks.contains(&true))
    }

    /// Marks in one row what is marked in `line`.
    fn mark(&mut self, row: usize, line: &[bool]) {
        let own = &mut self.marks[row * self.width..][..self.width];
        own.iter_mut().zip(line).for_each(|(own, mark)| *own |= mark);
    }
}

/// The pixels of the input that the cell \[row, column\] behind the `node`-th of
/// [`Graph::nodes`] sees, each of them: where strides exceed kernels or windows are
/// dilated there are holes between them.
///
/// A vector is a map of one cell that stands for all its values. Nothing is seen by
/// a cell outside of the map, or where sizes are not known yet ([`Graph::sized`]).
///
/// ```
/// use typenet::explain::receptive_field::pixels;
/// use typenet::prelude::*;
///
/// network! { struct Net: [1, 5, 5] -> [1, 3, 3] { conv: Conv2d<1, 1, K = 2, S = 3, P = 2> } }
/// let net = Net::random(1);
/// let seen = pixels(net.as_any().graph(), 0, [1, 2]);
/// assert_eq!(seen.iter().collect::<Vec<_>>(), [[1, 4], [2, 4]]);
/// ```
pub fn pixels(graph: &Graph, node: usize, cell: [usize; 2]) -> Pixels {
    let mut input = Pixels::none(graph.input());
    let mut needs: Vec<Pixels> =
        graph.nodes().iter().take(node + 1).map(|node| Pixels::none(node.dims)).collect();
    let Some(last) = needs.get_mut(node) else {
        return input;
    };
    let [height, width] = last.size();
    if cell[0] >= height || cell[1] >= width {
        return input;
    }
    last.marks[cell[0] * width + cell[1]] = true;
    for index in (0..=node).rev() {
        let (before, own) = needs.split_at_mut(index);
        if !own[0].marks.contains(&true) {
            continue;
        }
        for &source in &graph.nodes()[index].inputs {
            let into = match source {
                Source::Input => &mut input,
                Source::Node(from) => &mut before[from],
            };
            mark_needed(graph, index, graph.dims_of(source), &own[0], into);
        }
    }
    input
}

/// Marks what the marked cells of a node read of one of its inputs.
fn mark_needed(graph: &Graph, index: usize, arrives: Dims, cells: &Pixels, into: &mut Pixels) {
    let node = &graph.nodes()[index];
    match node.kind {
        NodeKind::Op(op) => {
            let [height, width] = into.size();
            let (down, along) = (Reach::of(&op, arrives, true), Reach::of(&op, arrives, false));
            let columns: Vec<Vec<usize>> =
                (0..cells.width).map(|column| along.pixels(column, width)).collect();
            for (row, marks) in cells.lines() {
                // Which columns a row of cells reads is the same in all rows that it reads.
                let mut line = vec![false; width];
                let marked = marks.iter().zip(&columns).filter(|(mark, _)| **mark);
                marked.flat_map(|(_, columns)| columns).for_each(|&column| line[column] = true);
                down.pixels(row, height).into_iter().for_each(|row| into.mark(row, &line));
            }
        }
        NodeKind::Join(join) => {
            for [row, column] in cells.iter() {
                let own =
                    Region::cell(to_i64(row), to_i64(column)).of_arm(join, node.dims, arrives);
                match (own.h, own.w) {
                    (Span::Cells(row, _), Span::Cells(column, _)) => {
                        into.marks[to_usize(row) * into.width + to_usize(column)] = true;
                    }
                    _ => into.marks.fill(true),
                }
            }
        }
    }
}

/// The smallest rectangle around what [`pixels`] gives; `None` if that is nothing.
pub fn rectangle(graph: &Graph, node: usize, cell: [usize; 2]) -> Option<Rectangle> {
    pixels(graph, node, cell).rectangle()
}

/// Height and width of an image; a vector is one cell.
fn sides(dims: Dims) -> (usize, usize) {
    match dims {
        Dims::Image { h, w, .. } => (h.or_zero(), w.or_zero()),
        Dims::Vector(_) => (1, 1),
        Dims::Unknown => (0, 0),
    }
}
