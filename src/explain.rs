//! What a network costs, sees and looks like, read from its description; and
//! whether the fast engine does what the naive one does.
//!
//! Each question of a course on convolutional networks has a module, whose page
//! gives the formula, its source and the code:
//!
//! - [`count`]: weights and multiply-adds, beside the layers that they save; budgets.
//! - [`receptive_field`]: what one cell of a map sees of the image.
//! - [`fits`]: which inputs a network takes, and what it never looks at.
//! - [`fully_conv`]: fully-connected layers as convolutions, on larger images.
//! - [`matrix`]: a convolution as the fully-connected layer that does the same.
//! - [`equivariance`]: maps that move with the image, and what permutations do.
//! - [`pooling`]: outputs that move less than the image.

pub mod count;
mod drawing;
pub mod equivariance;
pub mod fits;
mod formats;
pub mod fully_conv;
pub mod matrix;
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
