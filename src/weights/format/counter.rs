//! What is no weight: a count of batches.

use super::{DType, TensorShape};

/// Whether a tensor is the count of batches that torch's batch norm has seen in training.
/// It means nothing afterwards; torch's files have it and others do not.
pub(crate) fn is_counter(name: &str, dtype: DType, shape: &TensorShape) -> bool {
    let field = name.rsplit_once('.').map_or(name, |(_, field)| field);
    field == "num_batches_tracked" && dtype.is_integer() && shape.elements() == Some(1)
}
