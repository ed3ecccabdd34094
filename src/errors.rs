//! What the compiler says, why, and what to do: the index of errors.
//!
//! tmp
