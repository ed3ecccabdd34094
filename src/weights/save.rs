//! From the weights of a network to a safetensors file.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};

use super::Weights;
use super::error::SaveError;
use super::format::DType;
use super::format::PREFIX;
use crate::element::Element;
use crate::graph::Graph;

/// Values that are converted at once.
const PIECE: usize = 8 * 1024;

/// Says whose order of sizes and names of fields the tensors have; readers such
/// as Hugging Face's `transformers` insist on it.
const METADATA: &str = r#""__metadata__":{"format":"pt"}"#;

/// A file about to be written: all that can fail has been checked.
pub(super) struct Plan {
    dtype: DType,
    header: String,
    data_len: usize,
}

impl Plan {
    /// The file for `weights`, which must be those of `graph`.
    pub(super) fn new<T: Element>(weights: &Weights<T>, graph: &Graph) -> Result<Self, SaveError> {
        weights.check(graph).map_err(SaveError::OtherNetwork)?;
        check_names(graph)?;
        let dtype = DType::of::<T>();
        let data_len = graph.params().iter().map(|param| byte_len(param.len(), dtype)).sum();
        Ok(Self { dtype, header: header(graph, dtype), data_len })
    }

    /// The bytes of the whole file.
    pub(super) fn file_len(&self) -> usize {
        PREFIX + self.header.len() + self.data_len
    }

    /// Hands the file to `write`, piece by piece.
    pub(super) fn write<T: Element, E>(
        &self,
        weights: &Weights<T>,
        mut write: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        write(&(self.header.len() as u64).to_le_bytes())?;
        write(self.header.as_bytes())?;
        let mut bytes = Vec::with_capacity(PIECE * 8);
        for piece in weights.iter().flat_map(|values| values.chunks(PIECE)) {
            bytes.clear();
            self.dtype.encode(piece, &mut bytes);
            write(&bytes)?;
        }
        Ok(())
    }
}

fn byte_len(values: usize, dtype: DType) -> usize {
    values.saturating_mul(dtype.bits() as usize / 8)
}

fn check_names(graph: &Graph) -> Result<(), SaveError> {
    let mut names: Vec<&str> = graph.params().iter().map(|param| param.name.as_str()).collect();
    names.sort_unstable();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    match twice.or_else(|| names.into_iter().find(|&name| name == "__metadata__")) {
        Some(name) => Err(SaveError::UnfitName { name: name.into() }),
        None => Ok(()),
    }
}

/// The header, with spaces at its end that align the data to eight bytes.
fn header(graph: &Graph, dtype: DType) -> String {
    let mut text = format!("{{{METADATA}");
    let mut begin = 0_usize;
    for param in graph.params() {
        let end = begin.saturating_add(byte_len(param.len(), dtype));
        let sizes: Vec<String> = param.dims().as_slice().iter().map(usize::to_string).collect();
        let (name, shape) = (Json(&param.name), sizes.join(","));
        // Writing to a string can't fail.
        let _ = write!(text, r#",{name}:{{"dtype":"{dtype}","shape":[{shape}],"#);
        let _ = write!(text, r#""data_offsets":[{begin},{end}]}}"#);
        begin = end;
    }
    text.push('}');
    let padded = text.len().next_multiple_of(8);
    text.extend(core::iter::repeat_n(' ', padded - text.len()));
    text
}

/// A string as JSON writes it.
struct Json<'a>(&'a str);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\0'..' ' => write!(f, "\\u{:04x}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}
