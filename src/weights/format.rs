//! The safetensors format as such: the header, and what can be wrong with it.
//!
//! Nothing here knows networks or numbers: the macro crate compiles these very
//! files too, to check a weight file while it compiles.

mod counter;
mod dtype;
mod error;
mod header;
mod json;
mod order;
pub(super) mod quote;
mod sizes;

pub(crate) use self::counter::is_counter;
pub use self::dtype::DType;
pub use self::error::FormatError;
pub(crate) use self::header::{Entry, Header, PREFIX, header_len};
pub(crate) use self::order::sort_indices;
pub(crate) use self::quote::Quoted;
pub use self::sizes::TensorShape;
