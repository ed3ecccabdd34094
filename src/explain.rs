//! What a network costs and looks like, read from its description.

mod summary;

pub use summary::{Row, Summary};
