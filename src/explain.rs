//! What a network costs, sees and looks like, read from its description; and
//! whether the fast engine does what the naive one does.
//!
//! Each question of a course on convolutional networks has a module, whose page
//! gives the formula, its source and the code:
//!
//! - [`count`]: weights and multiply-adds, beside the layers that they save; budgets.
//! - [`receptive_field`]: what one cell of a map sees of the image.
//! - [`fits`]: which inputs a network takes, and what it never looks at.

pub mod count;
mod drawing;
pub mod fits;
pub mod receptive_field;
mod summary;
mod text;
mod verify;

pub use drawing::Drawing;
pub use receptive_field::ReceptiveField;
pub use summary::{Row, Summary};
pub use verify::{Difference, Verification, Verified};
