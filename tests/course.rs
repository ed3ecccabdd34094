//! The course in code: what convolutions cost, see and become, beside published
//! figures and brute force.
//!
//! | module | what it shows |
//! |---|---|
//! | `counts` | weights and multiply-adds beside their twins, budgets, sizes that fit |
//! | `fields` | receptive fields: published figures, and every rule by NaNs |
//! | `fully_conv` | fully-connected layers as convolutions: the same bits, larger images |
//! | `memory` | what a run takes of memory: the const is what is allocated |
//! | `shifts` | shifts and permutations on both engines; matrices, pools, drawings |
//! | `slim` | Google's `alexnet_v2` and `resnet_v1_50`, as types |

#![cfg(feature = "zoo")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::float_cmp,
    missing_docs,
    unreachable_pub,
    reason = "these are tests"
)]

#[path = "course/counts.rs"]
mod counts;
#[path = "course/fields.rs"]
mod fields;
#[path = "course/fully_conv.rs"]
mod fully_conv;
#[path = "course/memory.rs"]
mod memory;
#[path = "course/shifts.rs"]
mod shifts;
#[path = "course/slim.rs"]
mod slim;
