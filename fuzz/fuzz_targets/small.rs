//! The network whose files the corpora hold, and what is asked of anything loaded.

#[path = "../../tests/weights/small.rs"]
mod network;

pub(crate) use network::graph;
use typenet::weights::{LoadError, Weights};

/// Weights are finite; an error is one that a terminal can show.
pub fn check(loaded: Result<Weights<f32>, LoadError>) {
    match loaded {
        Ok(weights) => assert!(weights.iter().flatten().all(|value| value.is_finite())),
        Err(error) => assert!(!error.to_string().replace('\n', "").contains(char::is_control)),
    }
}
