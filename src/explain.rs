//! What a network costs, sees and looks like, read from its description; and
//! whether the fast engine does what the naive one does.
//!
//! The questions of a course on convolutional networks, each with what the compiler
//! evaluates, what people ask, and the page that gives the formula, its source and the
//! code:
//!
//! | question | in the compiler | for people | page |
//! |---|---|---|---|
//! | what does it cost, and what does sharing weights save? | [`PARAMS`], [`MACS`], [`ACTIVATIONS`], [`Twins::of`], [`Budget`] | [`Network::summary`] | [`count`] |
//! | what does a run take of memory? | [`PEAK`], [`MEMORY`], [`Memory::of`], [`Budget`] | [`Network::summary`], `{}` of a runner | [`memory`] |
//! | why convolution, and what are its limits? | the stride of [`FIELD`] | [`deviation`], [`flips`], [`Conv2d::as_matrix`] | [`equivariance`], [`matrix`] |
//! | why pooling? | the stride of [`FIELD`] | [`movement`] | [`pooling`] |
//! | does it take a larger image? | [`takes`]; a network that does not, does not compile | [`takes`] | [`fits`] |
//! | which convolutions are its fully-connected layers? | [`FullyConv`] | [`Model::fully_conv`] | [`fully_conv`] |
//! | what does it become on a larger image? | [`FullyConv`], [`Savings::of`] | [`Model::fully_conv`], `examples/class_map` | [`fully_conv`] |
//! | what does a cell see? | [`FIELD`], [`behind`], [`seen`] | [`table`], [`svg`] | [`receptive_field`] |
//! | which inputs fit? | [`takes`], [`smallest`] | [`sizes`], [`dropped`] | [`fits`] |
//!
//! The example `explain` gives all the answers for a network of the zoo.
//!
//! [`ACTIVATIONS`]: crate::Network::ACTIVATIONS
//! [`Budget`]: count::Budget
//! [`Conv2d::as_matrix`]: crate::spec::Conv2d::as_matrix
//! [`FIELD`]: crate::Network::FIELD
//! [`FullyConv`]: fully_conv::FullyConv
//! [`MACS`]: crate::Network::MACS
//! [`MEMORY`]: crate::Network::MEMORY
//! [`Memory::of`]: memory::Memory::of
//! [`Model::fully_conv`]: crate::Model::fully_conv
//! [`Network::summary`]: crate::Network::summary
//! [`PARAMS`]: crate::Network::PARAMS
//! [`PEAK`]: crate::Network::PEAK
//! [`Savings::of`]: fully_conv::Savings::of
//! [`Twins::of`]: count::Twins::of
//! [`behind`]: receptive_field::behind
//! [`deviation`]: equivariance::deviation
//! [`dropped`]: fits::dropped
//! [`flips`]: equivariance::flips
//! [`movement`]: pooling::movement
//! [`seen`]: receptive_field::seen
//! [`sizes`]: fits::sizes
//! [`smallest`]: fits::smallest
//! [`svg`]: receptive_field::svg
//! [`table`]: receptive_field::table
//! [`takes`]: fits::takes

pub mod count;
mod drawing;
pub mod equivariance;
pub mod fits;
mod formats;
pub mod fully_conv;
pub mod matrix;
pub mod memory;
mod page;
pub mod pooling;
pub mod receptive_field;
mod summary;
mod text;
mod verify;

pub use drawing::Drawing;
pub use receptive_field::ReceptiveField;
pub use summary::{Column, Row, Summary};
pub use verify::{Difference, Verification, Verified};
