//! From what a pickle builds to the tensors of a state dict.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::pickle::{Heap, Value, View};
use super::{PthError, Storages, Tensor};
use crate::weights::format::TensorShape;

/// The tensors of the state dict in `root`: of that dictionary itself or, in a
/// checkpoint of a training run, of the one entry that is a dictionary of tensors.
pub(super) fn tensors<'a>(
    root: Value<'a>,
    heap: &Heap<'a>,
    storages: &Storages<'a>,
) -> Result<Vec<Tensor<'a>>, PthError> {
    let Value::Dict(root) = root else {
        return Err(PthError::NoStateDict { found: found(root) });
    };
    let mut tensors = Vec::new();
    for (name, value) in entries(heap, state_dict(root, heap)?) {
        let (Value::Text(name), Value::Tensor(tensor)) = (name, value) else {
            let name = if let Value::Text(name) = name { name } else { "an entry without a name" };
            return Err(PthError::NotATensor { name: name.into() });
        };
        let view = heap.tensors[tensor];
        let tensor = resolve(name, view, heap, storages)
            .map_err(|problem| PthError::Tensor { name: name.into(), problem })?;
        tensors.push(tensor);
    }
    let mut names: Vec<&str> = tensors.iter().map(|tensor| tensor.name).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(PthError::SameName { name: pair[0].into() }),
        None => Ok(tensors),
    }
}

fn found(value: Value<'_>) -> &'static str {
    match value {
        Value::Tensor(_) => "one tensor",
        Value::List(_) | Value::Tuple(_) => "a list",
        _ => "a single value",
    }
}

/// The names and values of a dictionary.
fn entries<'h, 'a>(
    heap: &'h Heap<'a>,
    dict: usize,
) -> impl Iterator<Item = (Value<'a>, Value<'a>)> + use<'h, 'a> {
    heap.lists.get(dict).map_or(&[][..], Vec::as_slice).as_chunks().0.iter().map(|&[k, v]| (k, v))
}

fn state_dict(root: usize, heap: &Heap<'_>) -> Result<usize, PthError> {
    let is_tensor = |(_, value): (_, Value<'_>)| matches!(value, Value::Tensor(_));
    // Looked through once each: a file can name the same dictionary many times.
    let holds_tensors: Vec<bool> =
        (0..heap.lists.len()).map(|list| entries(heap, list).any(is_tensor)).collect();
    if holds_tensors[root] || entries(heap, root).next().is_none() {
        return Ok(root);
    }
    let inner = entries(heap, root).filter_map(|(name, value)| match (name, value) {
        (Value::Text(name), Value::Dict(dict)) if holds_tensors[dict] => Some((name, dict)),
        _ => None,
    });
    let mut inner: Vec<_> = inner.collect();
    match inner[..] {
        [(_, dict)] => Ok(dict),
        [] => Err(PthError::NoStateDict { found: "a dictionary without tensors" }),
        _ => {
            let mut known = BTreeSet::new();
            inner.retain(|&(name, _)| known.insert(name));
            Err(PthError::Several { keys: inner.iter().map(|&(name, _)| name.into()).collect() })
        }
    }
}

/// Finds a tensor in its storage.
fn resolve<'a>(
    name: &'a str,
    view: View,
    heap: &Heap<'a>,
    storages: &Storages<'a>,
) -> Result<Tensor<'a>, &'static str> {
    let described = heap.storages[view.storage];
    let bytes = *storages.get(described.key).ok_or("the file has no storage for it")?;
    let size = described.dtype.bits() as usize / 8;
    if described.len.checked_mul(size) != Some(bytes.len()) {
        return Err("its storage has another length than the file says");
    }
    let shape = sizes(heap, view.shape)?;
    let strides = sizes(heap, view.strides)?;
    if shape.as_slice().len() != strides.as_slice().len() {
        return Err("it has not a stride for each size");
    }
    let elements = shape.elements().ok_or("its shape is too large for any memory")?;
    let end = if elements == 0 { Some(0) } else { reach(&shape, &strides) };
    let end = end.and_then(|end| end.checked_add(view.offset));
    if end.is_none_or(|end| end > described.len) {
        return Err("it reaches past the end of its storage");
    }
    let storage = bytes.get(view.offset * size..).unwrap_or_default();
    Ok(Tensor { name, dtype: described.dtype, shape, strides, storage })
}

/// One past the last number that a tensor of at least one reads.
fn reach(shape: &TensorShape, strides: &TensorShape) -> Option<usize> {
    let axes = shape.as_slice().iter().zip(strides.as_slice());
    axes.map(|(&size, &stride)| (size - 1).checked_mul(stride))
        .try_fold(1_usize, |reach, axis| reach.checked_add(axis?))
}

fn sizes(heap: &Heap<'_>, list: usize) -> Result<TensorShape, &'static str> {
    let mut sizes = TensorShape::default();
    for value in &heap.lists[list] {
        let size = match value {
            Value::Int(size) => usize::try_from(*size).map_err(|_| "a size is negative")?,
            _ => return Err("a size is no number"),
        };
        sizes.push(size).ok_or("it has more than 8 sizes")?;
    }
    Ok(sizes)
}
