//! The format of weights in flash.
//!
//! | bytes | what |
//! |---|---|
//! | 0 to 3 | `TNW1` |
//! | 4 to 7 | the network's fingerprint: FNV-1a over kinds of layers, names, and shapes of parameters |
//! | 8 to 11 | so many values |
//! | 12 to 15 | a checksum: FNV-1a over the bytes of the values |
//! | 16 to the end | the values: `f32`, each parameter in running order |
//!
//! All numbers are little-endian; the first byte has to lie at a multiple of 4. A
//! parameter's values are in PyTorch's order, those of batch normalisation are
//! weight, bias, mean, variance. [`Model::to_blob`] makes one of any network with
//! weights.

use alloc::vec::Vec;
use core::fmt;

use super::walk;
use crate::model::Model;
use crate::network::Network;

/// Bytes before the values.
pub(super) const HEADER: usize = 16;

const MAGIC: [u8; 4] = *b"TNW1";

/// Bytes at a multiple of 4; [`include_blob!`](crate::include_blob) uses it.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(4))]
pub struct Aligned<B>(pub B);

/// A file of weights as a `&'static [u8]` that lies at a multiple of 4: a blob for
/// [`Flash::new`](super::Flash::new).
#[macro_export]
macro_rules! include_blob {
    ($path:expr $(,)?) => {{
        static BLOB: $crate::flash::Aligned<[u8; include_bytes!($path).len()]> =
            $crate::flash::Aligned(*include_bytes!($path));
        let bytes: &'static [u8] = &BLOB.0;
        bytes
    }};
}

/// Why a network can't be run from flash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum BlobError {
    /// It does not begin as a blob does.
    NotABlob,
    /// The first byte does not lie at a multiple of 4, or the processor is
    /// big-endian.
    Unaligned,
    /// The blob was made of another network.
    OtherNetwork,
    /// It is cut, or something hangs on behind.
    Length {
        /// Bytes that it has to have.
        expected: usize,
        /// Bytes that it has.
        got: usize,
    },
    /// A value has changed since the blob was made.
    Damaged,
    /// The workspace is too short.
    Workspace {
        /// Numbers that a run needs.
        needs: usize,
        /// Numbers that there are.
        has: usize,
    },
}

impl fmt::Display for BlobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABlob => f.write_str("no blob of weights: it does not begin with TNW1"),
            Self::Unaligned => f.write_str(
                "the blob has to start at a multiple of 4, on a little-endian processor; \
                 `include_blob!` aligns it",
            ),
            Self::OtherNetwork => {
                f.write_str("the blob was made of another network; make it anew with `to_blob`")
            }
            Self::Length { expected, got } => {
                write!(f, "the blob has {got} bytes, but this network's has {expected}")
            }
            Self::Damaged => f.write_str("the blob has changed since it was made"),
            Self::Workspace { needs, has } => {
                write!(f, "the workspace has {has} numbers, but a run needs {needs}")
            }
        }
    }
}

impl core::error::Error for BlobError {}

/// The values of a sound blob.
pub(super) fn open(blob: &[u8], count: usize, fingerprint: u32) -> Result<&[f32], BlobError> {
    let (header, bytes) = blob.split_first_chunk::<HEADER>().ok_or(BlobError::NotABlob)?;
    let word = |at: usize| {
        u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    if header[..4] != MAGIC {
        return Err(BlobError::NotABlob);
    }
    if word(4) != fingerprint || word(8) as usize != count {
        return Err(BlobError::OtherNetwork);
    }
    let (expected, got) = (HEADER + 4 * count, blob.len());
    if expected != got {
        return Err(BlobError::Length { expected, got });
    }
    if word(12) != bytes.iter().fold(walk::BASIS, |hash, &byte| walk::fnv(hash, byte)) {
        return Err(BlobError::Damaged);
    }
    super::cast::numbers(bytes).ok_or(BlobError::Unaligned)
}

impl<N: Network> Model<N> {
    /// The weights as a [blob](crate::flash::blob) for [`Flash`](crate::flash::Flash).
    pub fn to_blob(&self) -> Vec<u8> {
        let values = || self.as_any().weights().iter().flatten();
        let bytes = values().flat_map(|value| value.to_le_bytes());
        let checksum = bytes.clone().fold(walk::BASIS, walk::fnv);
        let mut blob = MAGIC.to_vec();
        for word in [walk::fingerprint(N::SPEC), values().count() as u32, checksum] {
            blob.extend(word.to_le_bytes());
        }
        blob.extend(bytes);
        blob
    }
}
