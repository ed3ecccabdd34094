//! What a network costs and looks like, read from its description; and whether
//! the fast engine does what the naive one does.

mod summary;
mod text;
mod verify;

pub use summary::{Row, Summary};
pub use verify::{Difference, Verification, Verified};
