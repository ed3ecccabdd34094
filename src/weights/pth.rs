//! Checkpoints of PyTorch, `.pth` and `.pt`: state dicts in the zip form of today
//! and in the form of torch before 1.6.
//!
//! The tensors of a checkpoint are described by a pickle, which is a program;
//! [`pickle`] reads it without running it. The numbers are taken from the file
//! where they lie, so reading takes the memory of the file and of the network.
//!
//! Other readers were looked at. `candle` and `tch` bring their frameworks.
//! `pytorch-reader` (0.23.0-pre.1) is careful and reads more forms, but is not
//! released yet, brings twenty crates, and bounds what a pickle builds by constants
//! (a hundred megabytes) where this loader promises the size of the file.
//! `serde-pickle` has no persistent ids. The archive itself is read by `zip`.

mod error;
mod legacy;
mod pickle;
mod state;
mod zip;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

pub use self::error::PthError;
use self::pickle::{Heap, Value};
use super::archive::{Archive, PIECE, Sink};
use super::error::LoadErrorKind;
use super::format::{DType, TensorShape};

/// Bytes from the start of a file that [`looks_like`] wants to see.
pub(super) const START: usize = 32;

/// Whether a file that starts with `bytes` is one of PyTorch's.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    // A header of safetensors could have such a length, but then `{` follows.
    bytes.starts_with(b"PK\x03\x04") && bytes.get(8) != Some(&b'{') || legacy::looks_like(bytes)
}

/// The storages of a file: the bytes of each, by its key.
type Storages<'a> = BTreeMap<&'a str, &'a [u8]>;

/// A checkpoint in memory.
#[derive(Debug)]
pub(super) struct Pth<'a> {
    tensors: Vec<Tensor<'a>>,
}

/// A tensor of a checkpoint, which lies within `storage`.
#[derive(Debug)]
struct Tensor<'a> {
    /// Where it lies in the file: many tensors may claim one long name.
    name: &'a str,
    dtype: DType,
    shape: TensorShape,
    strides: TensorShape,
    /// The storage from the first number of the tensor on.
    storage: &'a [u8],
}

impl<'a> Pth<'a> {
    /// Reads the list of tensors and checks where each lies.
    pub(super) fn parse(file: &'a [u8]) -> Result<Self, PthError> {
        if legacy::looks_like(file) { legacy::parse(file) } else { zip::parse(file) }
    }

    fn new(root: Value<'a>, heap: &Heap<'a>, storages: &Storages<'a>) -> Result<Self, PthError> {
        Ok(Self { tensors: state::tensors(root, heap, storages)? })
    }
}

impl Archive for Pth<'_> {
    fn len(&self) -> usize {
        self.tensors.len()
    }

    fn name(&self, tensor: usize) -> &str {
        self.tensors[tensor].name
    }

    fn dtype(&self, tensor: usize) -> DType {
        self.tensors[tensor].dtype
    }

    fn shape(&self, tensor: usize) -> TensorShape {
        self.tensors[tensor].shape
    }

    fn read(&mut self, tensor: usize, sink: &mut Sink<'_>) -> Result<(), LoadErrorKind> {
        self.tensors[tensor].read(sink)
    }

    fn skip(&mut self, _: usize) -> Result<(), LoadErrorKind> {
        Ok(())
    }
}

impl Tensor<'_> {
    /// The bytes of one number; checked to be whole ones.
    fn size(&self) -> usize {
        self.dtype.bits() as usize / 8
    }

    fn read(&self, sink: &mut Sink<'_>) -> Result<(), LoadErrorKind> {
        let elements = self.shape.elements().unwrap_or(0) as usize;
        if self.is_contiguous() {
            let bytes = self.storage.get(..elements * self.size());
            return bytes.unwrap_or_default().chunks(PIECE).try_for_each(sink);
        }
        let mut piece = Vec::with_capacity(PIECE.min(elements * self.size()));
        for element in 0..elements {
            let at = self.place(element) * self.size();
            piece.extend(self.storage.get(at..at + self.size()).unwrap_or_default());
            if piece.len() == PIECE {
                sink(&piece)?;
                piece.clear();
            }
        }
        if piece.is_empty() { Ok(()) } else { sink(&piece) }
    }

    /// Whether the numbers lie one after the other in C order.
    fn is_contiguous(&self) -> bool {
        let mut step = 1;
        let axes = self.shape.as_slice().iter().zip(self.strides.as_slice()).rev();
        for (&size, &stride) in axes {
            if size != 1 && stride != step {
                return false;
            }
            step *= size.max(1);
        }
        true
    }

    /// Where in the storage the `element`-th number in C order lies.
    fn place(&self, mut element: usize) -> usize {
        let mut place = 0;
        let axes = self.shape.as_slice().iter().zip(self.strides.as_slice()).rev();
        for (&size, &stride) in axes {
            place += element % size * stride;
            element /= size;
        }
        place
    }
}
