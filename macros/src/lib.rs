//! tmp
mod spec;
