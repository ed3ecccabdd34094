//! tmp
#![no_std]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;
pub mod element;
pub mod error;
pub mod graph;
pub mod shape;
pub mod spec;
