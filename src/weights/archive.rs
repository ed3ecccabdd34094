//! A weight file as the loader sees it, whatever its format: a list of tensors,
//! and their bytes.

use alloc::string::String;
use alloc::vec::Vec;

use super::error::LoadErrorKind;
use super::format::{DType, Header, TensorShape, sort_indices};

/// Bytes that are read and converted at once: a multiple of every number's
/// size, small enough for the values to be checked while they are in the cache.
pub(super) const PIECE: usize = 65_536;

/// What becomes of a piece of data.
pub(super) type Sink<'a> = dyn FnMut(&[u8]) -> Result<(), LoadErrorKind> + 'a;

/// The tensors of a file.
pub(super) trait Archive {
    /// How many there are.
    fn len(&self) -> usize;

    /// The name of one.
    fn name(&self, tensor: usize) -> &str;

    /// The type of its numbers.
    fn dtype(&self, tensor: usize) -> DType;

    /// Its shape.
    fn shape(&self, tensor: usize) -> TensorShape;

    /// Hands its bytes to `sink` in C order, at most [`PIECE`] at a time. The
    /// loader reads or skips every tensor once, in order.
    fn read(&mut self, tensor: usize, sink: &mut Sink<'_>) -> Result<(), LoadErrorKind>;

    /// Passes over it.
    fn skip(&mut self, tensor: usize) -> Result<(), LoadErrorKind> {
        self.read(tensor, &mut |_| Ok(()))
    }
}

/// Where the bytes of a safetensors file come from, one tensor after the other.
pub(super) trait Data {
    /// Hands the next `len` bytes to `sink`, at most [`PIECE`] at a time.
    fn next(&mut self, len: u64, sink: &mut Sink<'_>) -> Result<(), LoadErrorKind>;
}

impl Data for &[u8] {
    fn next(&mut self, len: u64, sink: &mut Sink<'_>) -> Result<(), LoadErrorKind> {
        // The header has been checked against the data, which is in memory.
        let (tensor, rest) = self.split_at_checked(len as usize).unwrap_or_default();
        *self = rest;
        tensor.chunks(PIECE).try_for_each(sink)
    }
}

/// A safetensors file: its header, and the data behind it.
pub(super) struct Safe<'h, 'a, D> {
    pub(super) header: &'h Header<'a>,
    pub(super) data: D,
}

impl<D: Data> Archive for Safe<'_, '_, D> {
    fn len(&self) -> usize {
        self.header.entries().len()
    }

    fn name(&self, tensor: usize) -> &str {
        self.header.name(&self.header.entries()[tensor])
    }

    fn dtype(&self, tensor: usize) -> DType {
        self.header.entries()[tensor].dtype
    }

    fn shape(&self, tensor: usize) -> TensorShape {
        self.header.shape(&self.header.entries()[tensor])
    }

    fn read(&mut self, tensor: usize, sink: &mut Sink<'_>) -> Result<(), LoadErrorKind> {
        let entry = &self.header.entries()[tensor];
        self.data.next(entry.end - entry.begin, sink)
    }
}

/// The names of an archive in the network's words, sorted to be found.
pub(super) struct Index<'a> {
    /// Each tensor's name after the mapping, where there is one.
    mapped: Option<Vec<String>>,
    archive: &'a dyn Archive,
    order: Vec<u32>,
}

impl<'a> Index<'a> {
    /// Sorts the names of `archive`, each changed by `map` if that is given.
    ///
    /// # Errors
    ///
    /// Two tensors whose names are one after the mapping.
    pub(super) fn new(
        archive: &'a dyn Archive,
        map: Option<&dyn Fn(&str) -> String>,
    ) -> Result<Self, LoadErrorKind> {
        let tensors = 0..archive.len();
        let mapped = map.map(|map| tensors.clone().map(|i| map(archive.name(i))).collect());
        let mut index = Self { mapped, archive, order: Vec::new() };
        let mut order: Vec<u32> = tensors.map(|i| i as u32).collect();
        sort_indices(&mut order, &|a, b| index.name(a).cmp(index.name(b)));
        for pair in order.windows(2) {
            if index.name(pair[0]) == index.name(pair[1]) {
                return Err(LoadErrorKind::SameNameInFile {
                    name: index.name(pair[0]).into(),
                    tensors: [pair[0], pair[1]].map(|i| archive.name(i as usize).into()),
                });
            }
        }
        index.order = order;
        Ok(index)
    }

    /// The tensor that is called `name`.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let place = self.order.binary_search_by(|&i| self.name(i).cmp(name)).ok()?;
        self.order.get(place).map(|&i| i as usize)
    }

    /// The name of a tensor, mapped.
    pub(super) fn name(&self, tensor: u32) -> &str {
        match &self.mapped {
            Some(names) => &names[tensor as usize],
            None => self.archive.name(tensor as usize),
        }
    }

    /// The shape of the tensor that is called `name`.
    pub(super) fn shape(&self, name: &str) -> Option<TensorShape> {
        self.find(name).map(|tensor| self.archive.shape(tensor))
    }
}
