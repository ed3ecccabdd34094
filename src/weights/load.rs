//! From a file to the weights of a network, all or nothing.
//!
//! Three steps: match the header against the network, reserve memory, read the
//! values. The first finds whatever is wrong with names, shapes and types before
//! a single value is read or stored, so a hostile file costs neither time nor
//! memory beyond its header and the network.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::Weights;
use super::dtype::DType;
use super::error::{LoadErrorKind, Mismatch, Misshapen, Missing, WrongDType};
use super::header::{Entry, Header};
use super::sizes::TensorShape;
use super::suggest::suggest;
use crate::element::Element;
use crate::graph::{Graph, GraphParam};

/// Bytes that are read and converted at once: a multiple of every number's
/// size, small enough for the values to be checked while they are in the cache.
pub(super) const PIECE: usize = 64 * 1024;

/// A tensor that is no parameter of the network.
const FREE: u32 = u32::MAX;

/// Where the values come from, in the order of the file.
pub(super) trait Data {
    /// Hands the next `len` bytes to `sink`, at most [`PIECE`] at a time.
    fn next(&mut self, len: u64, sink: &mut Sink<'_>) -> Result<(), LoadErrorKind>;
}

/// What becomes of a piece of data.
pub(super) type Sink<'a> = dyn FnMut(&[u8]) -> Result<(), LoadErrorKind> + 'a;

impl Data for &[u8] {
    fn next(&mut self, len: u64, sink: &mut Sink<'_>) -> Result<(), LoadErrorKind> {
        // The header has been checked against the data, which is in memory.
        let (tensor, rest) = self.split_at_checked(len as usize).unwrap_or_default();
        *self = rest;
        tensor.chunks(PIECE).try_for_each(sink)
    }
}

/// The weights of `graph` in `data`, which `header` describes.
pub(super) fn load<T: Element>(
    graph: &Graph,
    header: &Header<'_>,
    mut data: impl Data,
) -> Result<Weights<T>, LoadErrorKind> {
    let owners = match_tensors::<T>(graph, header)?;
    let mut values = graph.params().iter().map(reserve).collect::<Result<Vec<_>, _>>()?;
    for (entry, owner) in header.entries().iter().zip(owners) {
        let mut to = values.get_mut(owner as usize);
        data.next(entry.end - entry.begin, &mut |piece| match &mut to {
            Some(to) => append(piece, entry.dtype, to, header.name(entry)),
            None => Ok(()),
        })?;
    }
    Ok(Weights { values })
}

/// For each tensor of the file the parameter that it is, or [`FREE`].
fn match_tensors<T: Element>(
    graph: &Graph,
    header: &Header<'_>,
) -> Result<Vec<u32>, LoadErrorKind> {
    let mut owners = vec![FREE; header.entries().len()];
    let mut mismatch = Mismatch::default();
    for (index, param) in graph.params().iter().enumerate() {
        let place = header.find(&param.name);
        let Some((place, entry)) = place.and_then(|at| Some((at, header.entries().get(at)?)))
        else {
            let (name, shape) = (param.name.clone(), param.dims().into());
            mismatch.missing.push(Missing { name, shape, similar: None });
            continue;
        };
        if owners[place] != FREE {
            return Err(LoadErrorKind::SameName { name: param.name.clone() });
        }
        owners[place] = index as u32;
        compare::<T>(param, header.shape(entry), entry.dtype, &mut mismatch);
    }
    mismatch.unexpected = unexpected(header, &owners);
    if mismatch.is_empty() {
        return Ok(owners);
    }
    suggest(&mut mismatch, header);
    Err(LoadErrorKind::Mismatch(mismatch))
}

fn compare<T: Element>(
    param: &GraphParam,
    found: TensorShape,
    dtype: DType,
    mismatch: &mut Mismatch,
) {
    if found != param.dims() {
        let (name, expected) = (param.name.clone(), param.dims().into());
        mismatch.misshapen.push(Misshapen { name, expected, found });
    }
    if !(DType::FLOATS.contains(&dtype) && dtype.fits::<T>()) {
        mismatch.wrong_dtype.push(WrongDType::new::<T>(&param.name, dtype, &DType::FLOATS));
    }
}

fn unexpected(header: &Header<'_>, owners: &[u32]) -> Vec<String> {
    let tensors = header.entries().iter().zip(owners);
    let free = tensors.filter(|(entry, owner)| **owner == FREE && !is_counter(header, entry));
    let names = free.map(|(entry, _)| header.name(entry));
    // Counted first: growing by doubling would take more than the file has.
    let mut list = Vec::with_capacity(names.clone().count());
    list.extend(names.map(String::from));
    list
}

/// Batch norm in torch counts the batches that it has seen in training, which
/// means nothing afterwards; its files have the count and others do not.
fn is_counter(header: &Header<'_>, entry: &Entry) -> bool {
    let name = header.name(entry);
    let field = name.rsplit_once('.').map_or(name, |(_, field)| field);
    field == "num_batches_tracked"
        && entry.dtype.is_integer()
        && header.shape(entry).elements() == Some(1)
}

fn reserve<T>(param: &GraphParam) -> Result<Vec<T>, LoadErrorKind> {
    let mut values = Vec::new();
    match values.try_reserve_exact(param.len()) {
        Ok(()) => Ok(values),
        Err(_) => Err(LoadErrorKind::OutOfMemory {
            bytes: (param.len() as u64).saturating_mul(size_of::<T>() as u64),
        }),
    }
}

/// Appends the values in `piece`, all of which must be finite.
fn append<T: Element>(
    piece: &[u8],
    dtype: DType,
    to: &mut Vec<T>,
    name: &str,
) -> Result<(), LoadErrorKind> {
    let first = to.len();
    dtype.decode(piece, to);
    let new = to.get(first..).unwrap_or_default();
    match new.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(LoadErrorKind::NotFinite {
            name: name.into(),
            index: first + at,
            value: new[at].to_double(),
        }),
    }
}
