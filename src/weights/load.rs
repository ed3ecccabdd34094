//! From a file to the weights of a network, all or nothing.
//!
//! Three steps: match the file's list of tensors against the network, reserve
//! memory, read the values. The first finds whatever is wrong with names, shapes
//! and types before a single value is read or stored, so a hostile file costs
//! neither time nor memory beyond its list and the network.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::Weights;
use super::archive::{Archive, Index};
use super::error::{LoadErrorKind, Mismatch, Misshapen, Missing, WrongDType};
use super::format::{DType, TensorShape, is_counter};
use super::options::{LoadOptions, LoadReport, Loaded};
use super::suggest::suggest;
use crate::element::Element;
use crate::graph::{Graph, GraphParam};

/// A tensor that is no parameter of the network.
const FREE: u32 = u32::MAX;

/// The values of a parameter that the file does not have, by its index.
pub(super) type Kept<'a, T> = dyn Fn(usize) -> Vec<T> + 'a;

/// The weights of `graph` in `archive`; what a partial load does not find there
/// is `kept`.
pub(super) fn load<T: Element>(
    graph: &Graph,
    archive: &mut dyn Archive,
    options: &LoadOptions,
    kept: &Kept<'_, T>,
) -> Result<(Weights<T>, LoadReport), LoadErrorKind> {
    let (owners, report) = match_tensors::<T>(graph, archive, options)?;
    let params = graph.params();
    let mut values = vec![None; params.len()];
    for &owner in owners.iter().filter(|owner| **owner != FREE) {
        values[owner as usize] = Some(reserve(&params[owner as usize])?);
    }
    let last = owners.iter().rposition(|owner| *owner != FREE);
    for (tensor, owner) in owners.into_iter().enumerate().take(last.map_or(0, |last| last + 1)) {
        let dtype = archive.dtype(tensor);
        match values.get_mut(owner as usize).and_then(Option::as_mut) {
            None => archive.skip(tensor)?,
            Some(to) => archive
                .read(tensor, &mut |piece| append(piece, dtype, &params[owner as usize], to))?,
        }
    }
    let values = values.into_iter().enumerate();
    let values = values.map(|(index, values)| values.unwrap_or_else(|| kept(index))).collect();
    Ok((Weights { values }, report))
}

/// For each tensor of the file the parameter that it is, or [`FREE`].
fn match_tensors<T: Element>(
    graph: &Graph,
    archive: &dyn Archive,
    options: &LoadOptions,
) -> Result<(Vec<u32>, LoadReport), LoadErrorKind> {
    let map = |name: &str| options.names.apply(name);
    let map: Option<&dyn Fn(&str) -> String> =
        if options.names.is_empty() { None } else { Some(&map) };
    let index = Index::new(archive, map)?;
    let mut owners = vec![FREE; archive.len()];
    let (mut mismatch, mut report) = (Mismatch::default(), LoadReport::default());
    for (place, param) in graph.params().iter().enumerate() {
        let Some(tensor) = index.find(&param.name) else {
            let (name, shape) = (param.name.clone(), param.dims().into());
            mismatch.missing.push(Missing { name, shape, similar: None });
            continue;
        };
        if owners[tensor] != FREE {
            return Err(LoadErrorKind::SameName { name: param.name.clone() });
        }
        owners[tensor] = place as u32;
        let (shape, dtype) = (archive.shape(tensor), archive.dtype(tensor));
        compare::<T>(param, shape, dtype, &mut mismatch);
        let (name, tensor) = (param.name.clone(), archive.name(tensor).into());
        report.loaded.push(Loaded { name, tensor, dtype });
    }
    mismatch.unexpected = unexpected(archive, &index, &owners);
    let free = owners.iter().filter(|owner| **owner == FREE).count();
    report.counters = free - mismatch.unexpected.len();
    if options.partial && !report.loaded.is_empty() {
        report.missing = core::mem::take(&mut mismatch.missing);
        report.unexpected = core::mem::take(&mut mismatch.unexpected);
    }
    if mismatch.is_empty() {
        return Ok((owners, report));
    }
    suggest(&mut mismatch, &index);
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

/// The tensors that are no parameter, under their mapped names.
fn unexpected(archive: &dyn Archive, index: &Index<'_>, owners: &[u32]) -> Vec<String> {
    let tensors = owners.iter().enumerate();
    let counter = |at| is_counter(archive.name(at), archive.dtype(at), &archive.shape(at));
    let free = tensors.filter(|(at, owner)| **owner == FREE && !counter(*at));
    let names = free.map(|(at, _)| index.name(at as u32));
    // Counted first: growing by doubling would take more than the file has.
    let mut list = Vec::with_capacity(names.clone().count());
    list.extend(names.map(String::from));
    list
}

fn reserve<T>(param: &GraphParam) -> Result<Vec<T>, LoadErrorKind> {
    let mut values = Vec::new();
    match values.try_reserve_exact(param.len()) {
        Ok(()) => Ok(values),
        Err(_) => Err(LoadErrorKind::OutOfMemory {
            bytes: (param.len() as u64).saturating_mul(size_of::<T>() as u64),
            tensor: Some(param.name.clone()),
        }),
    }
}

/// Appends the values in `piece`, all of which must be finite, and no variance
/// negative.
fn append<T: Element>(
    piece: &[u8],
    dtype: DType,
    param: &GraphParam,
    to: &mut Vec<T>,
) -> Result<(), LoadErrorKind> {
    let first = to.len();
    dtype.decode(piece, to);
    let new = to.get(first..).unwrap_or_default();
    let found = |at: usize| (param.name.clone(), first + at, new[at].to_double());
    if let Some((name, index, value)) = new.iter().position(|x| !x.is_finite()).map(found) {
        return Err(LoadErrorKind::NotFinite { name, index, value });
    }
    if let Some((name, index, value)) = param.unfit(new).map(found) {
        return Err(LoadErrorKind::NegativeVariance { name, index, value });
    }
    Ok(())
}
