//! What a run takes of memory, to the byte, before there is a weight.
//!
//! # What is counted
//!
//! A run on the blocked engine reads the weights and the caller's input, writes to the
//! caller's output, and does everything else in one *workspace*. In it are
//!
//! - the *values*: the activations of the layers. One of c channels in vectors of l
//!   lanes takes ⌈c/l⌉·l·(h + top + bottom)·(w + left + right) numbers, the rows and
//!   columns around it being the zero padding that its readers want. What is fused
//!   into a layer (an activation, a sum, a batch normalisation) has no value of its own,
//!   and the parts of a concatenation are made where the whole is.
//! - the *scratch* memory of the step that runs: what its kernel needs for itself.
//!   Winograd's convolution has its transformed tiles there, a grouped one its rows in
//!   another order, plain loops a copy of input and output without blocks.
//!
//! A value has its place from the step that makes it to the last that reads it, so
//! values that never live at the same time share theirs:
//!
//! ```text
//! values alive + scratch  ≤  workspace  ≤  all values + all scratch
//! ```
//!
//! The left side is that of the step where it is most; [`Memory`] holds all three. Which
//! place each value gets is decided largest first (Pisarchyk and Lee, "Efficient memory
//! management for deep neural net inference", 2020); what that leaves between the
//! places is the difference to the left side, most often none.
//!
//! # What it depends on
//!
//! The lanes, so the instruction set; whether Winograd's convolution may be used; and
//! the number of threads, each of which has scratch memory of its own. [`Memory::of`]
//! takes them as [`Options`], the very ones that
//! [`prepare_with`](crate::Model::prepare_with) takes. [`Network::MEMORY`] and
//! [`Network::PEAK`] are for one thread, with Winograd, on AVX-512. Other sets take less
//! where lanes are empty, and more where a pool is not made with the convolution before it: 31 KB for
//! LeNet-5 with AVX2 instead of 11. More threads take more.
//!
//! A network with weights that are not finite behind a padding runs those layers in
//! plain loops, and takes what those take.
//!
//! # The code
//!
//! There is no formula for it: the schedule that the engine runs
//! (`src/blocked/schedule.rs`) is const code, and the compiler makes it as
//! [`prepare`](crate::Model::prepare) does. So the two are equal; tests compare them on
//! every network of the zoo and on random ones.
//!
//! # Examples
//!
//! ```
//! use typenet::explain::count::Budget;
//! use typenet::prelude::*;
//!
//! network! {
//!     struct Net: [1, 28, 28] -> [10] {
//!         conv: Conv2d<1, 8, K = 5, S = 2>,
//!         relu: Relu,
//!         flatten: Flatten,
//!         fc: Linear<1152, 10>,
//!     }
//! }
//! // The 8×12×12 of the convolution in blocks of 16 channels, once more in a row, and
//! // the 10 of the output in one block.
//! const _: () = assert!(Net::PEAK == 4 * (16 * 12 * 12 + 1152));
//! const _: () = Budget::new().memory(16_000).check::<Net>();
//! ```
//!
//! [`Network::MEMORY`]: crate::Network::MEMORY
//! [`Network::PEAK`]: crate::Network::PEAK
//! [`Options`]: crate::blocked::Options

pub use crate::blocked::Memory;

use crate::__private::prove;
use crate::blocked::Options;
use crate::spec::{Dims, Path, Spec};

/// Why the memory of a network can't be said in const evaluation.
pub(crate) const UNKNOWN: &str = "the memory of a run is known only where all sizes are: not with \
    `Dyn`, nor for more than 1020 layers and joins; the plan of a prepared network says it";

const _: () = assert!(Memory::MOST_LAYERS == 1020);

/// The memory of a run with the default options.
///
/// # Panics
///
/// In const evaluation, with a message, where it is not known.
#[track_caller]
#[expect(clippy::panic, reason = "an error of const evaluation")]
pub(crate) const fn known(spec: &Spec<'_>, input: Dims, output: Dims) -> Memory {
    let Some(memory) = Memory::of(spec, input, &Options::DEFAULT) else {
        // What does not fit is said first.
        prove(spec, input, output);
        panic!("{}", UNKNOWN)
    };
    memory
}

/// The path of a layer, by its number in running order.
pub(crate) const fn path<'a>(spec: &'a Spec<'a>, layer: usize) -> Path<'a> {
    crate::blocked::path(spec, layer + 1)
}
