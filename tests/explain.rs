//! What the library says about a network: whether its engines agree.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

#[path = "explain/drawing.rs"]
mod drawing;
#[path = "explain/verify.rs"]
mod verify;
