//! What the library says about a network: tables, drawings, whether its engines
//! agree; for networks of all kinds, random ones too.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

#[path = "explain/drawing.rs"]
mod drawing;
#[path = "explain/random.rs"]
mod random;
#[path = "explain/summary.rs"]
mod summary;
#[path = "explain/verify.rs"]
mod verify;
