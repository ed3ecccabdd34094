//! The one description of a network: what it is, as plain const data.
//!
//! A layer type carries its numbers as const generics; [`Spec`] is the same
//! thing as a value. Everything that needs to know what a network is reads it:
//! the const checks behind `network!`, the summary, both engines, the loaders.
//! It is a tree of chains and branches with named nodes; an [`Op`] is a leaf.
//!
//! Everything here is `core`-only const code and depends on nothing else in the
//! crate, because the macro crate compiles these very files too: a message that
//! `network!` prints at expansion and one that const evaluation prints later
//! come from the same lines, and so does every size.

mod activation;
mod apply;
mod axis;
mod count;
mod custom;
mod dims;
mod fault;
mod flow;
mod join;
mod message;
mod op;
mod param;
mod resample;
mod step;
mod text;
mod transpose;
mod tree;

pub use activation::Activation;
pub use axis::{Axis, Misfit, Padding, Window};
pub use count::{activations, fc_twin, local_twin, macs, output, params, weights};
pub use custom::{Call, CustomKernel, CustomOp, ShapeRule};
pub use dims::{Dims, Extent};
pub use fault::{Fault, Part, Range, UNINFERRED, Zero};
pub use flow::{Flow, flow, flow_chain};
pub use join::{join_dims, joined_length};
pub use message::{MESSAGE_BYTES, Way, fitting, full_message, head_differs, message, sentence};
pub use op::{BatchNorm1d, BatchNorm2d, Conv2d, Linear, LocalResponseNorm, LpPool, Op, Pool};
pub use param::{ParamDims, ParamSpec};
pub use resample::{Pad2d, Resize, Upsample};
pub use step::{
    ANY_COPY, Blame, Path, Step, Walk, copies_fault, index_name, resolve, resolve_chain,
    resolve_op, steps,
};
pub use text::Text;
pub use transpose::{ConvTranspose2d, Spread};
pub use tree::{Join, Node, Relation, Spec};
