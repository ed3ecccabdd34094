//! How much memory a run takes, known before there is a weight.

use alloc::vec;
use alloc::vec::Vec;

use crate::graph::Graph;
use crate::isa::{Isa, Vectors};
use crate::spec::{Dims, Spec};

use super::Options;
use super::flat::{Flat, Laying, Part, count};
use super::fuse::{Group, Tie};
use super::layout::max;
use super::lower::scheduled;
use super::memory::Lifetime;
use super::schedule::{BORDERS, Line, Room, Schedule, Slot, Target, Task};
use super::step::Value;

/// The memory of a run on the blocked engine, beside the weights, the caller's input
/// and the caller's output, in bytes.
///
/// The page of [`explain::memory`](crate::explain::memory) says what is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Memory {
    /// All of it: the workspace that a run is given.
    pub workspace: u64,
    /// Activations that are alive at the step where most of the memory is in use.
    pub values: u64,
    /// Scratch memory of the same step: what its kernel needs for itself while it
    /// runs, of all threads.
    pub scratch: u64,
    /// The layer of that step, by its number in
    /// [`Graph::nodes`](crate::graph::Graph::nodes); `None` where it is the conversion
    /// of the input or output.
    pub layer: Option<usize>,
}

/// Parts and inputs of a network that fit into const evaluation, with the borders.
const MOST: usize = 1024;

impl Memory {
    /// The most layers and joins, or inputs of those, that [`of`](Self::of) counts.
    pub const MOST_LAYERS: usize = MOST - BORDERS;

    /// The memory of a run of `spec` on one `input`, in `f32`, with these options.
    /// Without an instruction set among them it is AVX-512, whatever processor compiles
    /// or runs this; without a number of threads it is one.
    ///
    /// `None` where a size is known only at run time, a layer does not fit, or the
    /// network has more than [`MOST_LAYERS`](Self::MOST_LAYERS).
    ///
    /// It is for const evaluation, which has no heap: at run time it takes 1 MB of stack,
    /// and [`of_graph`](Self::of_graph) is the better choice.
    ///
    /// ```
    /// use typenet::blocked::Options;
    /// use typenet::explain::memory::Memory;
    /// use typenet::isa::Isa;
    /// use typenet::prelude::*;
    ///
    /// network! {
    ///     struct Net: [1, 28, 28] -> [10] {
    ///         conv: Conv2d<1, 8, K = 5, S = 2>,
    ///         relu: Relu,
    ///         flatten: Flatten,
    ///         fc: Linear<1152, 10>,
    ///     }
    /// }
    /// const SCALAR: Options = Options { isa: Some(Isa::Scalar), ..Options::DEFAULT };
    /// const MEMORY: Memory = Memory::of(Net::SPEC, Net::INPUT, &SCALAR).unwrap();
    /// let runner = Net::random(1).prepare_with(&SCALAR)?;
    /// assert_eq!(runner.plan().memory(), MEMORY);
    /// # Ok::<(), typenet::blocked::PlanError>(())
    /// ```
    #[expect(clippy::large_stack_arrays, reason = "const evaluation has no heap")]
    pub const fn of(spec: &Spec<'_>, input: Dims, options: &Options) -> Option<Self> {
        let (parts, inputs) = count(spec);
        if max(parts, inputs) > Self::MOST_LAYERS {
            return None;
        }
        let (mut parts, mut inputs) = ([Part::INPUT; MOST], [0; MOST]);
        let mut laying = Laying::new(input, &mut parts, &mut inputs);
        let output = laying.spec(spec, 0);
        let Some(flat) = laying.flat(output) else {
            return None;
        };
        let room = Room {
            ties: &mut [Tie::NONE; MOST],
            slots: &mut [Slot::NONE; MOST],
            groups: &mut [Group::NONE; MOST],
            values: &mut [Value::NONE; MOST],
            lines: &mut [Line::NONE; MOST],
            needs: &mut [Lifetime::NONE; MOST],
            order: &mut [0; 2 * MOST],
            sorted: &mut [Lifetime::NONE; 2 * MOST],
        };
        let target = Target::new(&flat, vectors(options), options);
        Some(Self::of_schedule(&Schedule::new(flat, target, room)))
    }

    /// As [`of`](Self::of), for a network that is put together at run time, however
    /// large it is.
    pub fn of_graph(graph: &Graph, options: &Options) -> Option<Self> {
        Self::by_layer(graph, options).map(|(memory, _)| memory)
    }

    /// The same, with the bytes in use while each layer runs; none for a layer that is
    /// fused into another one.
    pub(crate) fn by_layer(graph: &Graph, options: &Options) -> Option<(Self, Vec<Option<u64>>)> {
        let target = |flat: &Flat<'_>| Target::new(flat, vectors(options), options);
        let mut found = None;
        scheduled(graph, &target, &|_| true, &mut |_, schedule| {
            let mut layers = vec![None; graph.nodes().len()];
            for line in schedule.parts().1 {
                if let Task::Group(group, _) | Task::Cascade([group, _], _) = line.task {
                    let bytes = (line.in_use() * schedule.target().vectors.bytes) as u64;
                    let layer = &mut layers[group.node - 1];
                    *layer = (*layer).max(Some(bytes));
                }
            }
            found = Some((Self::of_schedule(schedule), layers));
        });
        found
    }

    /// That of a schedule.
    pub(crate) const fn of_schedule(schedule: &Schedule<'_>) -> Self {
        let (_, lines, workspace) = schedule.parts();
        let (mut most, mut i) = (0, 1);
        while i < lines.len() {
            if lines[i].in_use() > lines[most].in_use() {
                most = i;
            }
            i += 1;
        }
        let line = &lines[most];
        let bytes = schedule.target().vectors.bytes as u64;
        Self {
            workspace: workspace as u64 * bytes,
            values: line.alive as u64 * bytes,
            scratch: line.scratch.len() as u64 * bytes,
            layer: match line.task {
                Task::Group(group, _) | Task::Cascade([group, _], _) => Some(group.node - 1),
                Task::Input | Task::Output => None,
            },
        }
    }
}

/// The vectors of the instruction set in the options.
const fn vectors(options: &Options) -> Vectors {
    match options.isa {
        Some(isa) => isa.vectors(),
        None => Isa::Avx512.vectors(),
    }
}
