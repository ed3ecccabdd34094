//! The header of a safetensors file: which tensors there are, and where.
//!
//! [`Header::parse`] checks all that can be checked without the data: after it,
//! names are unique, every shape fits its bytes, and the tensors cover the data
//! without hole or overlap. An entry is 32 bytes here and at least 50 in the
//! file, so no header makes the list larger than itself.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Debug, Formatter};

use super::dtype::DType;
use super::error::FormatError;
use super::json::{Lexer, Text};
use super::order::sort_indices;
use super::sizes::TensorShape;

/// Bytes before the header: its length.
pub(crate) const PREFIX: usize = 8;

/// The longest header that is read; the format's own limit.
const LIMIT: u64 = 100_000_000;

/// The shortest entry, `"":{"dtype":"U8","shape":[],"data_offsets":[0,1]}`.
const SHORTEST_ENTRY: usize = 49;

/// Formats that people take for safetensors, by their first bytes.
const OTHERS: [(&[u8], &str); 7] = [
    (
        b"PK\x03\x04",
        "a zip archive, as PyTorch's .pth and .pt files are; \
         write it again with `safetensors.torch.save_file`",
    ),
    (b"\x80\x02", "a Python pickle; write it again with `safetensors.torch.save_file`"),
    (b"version ", "a Git LFS pointer; fetch the file itself with `git lfs pull`"),
    (b"GGUF", "a GGUF file"),
    (b"\x89HDF", "an HDF5 file, as Keras writes"),
    (b"<!", "a web page; download the file itself"),
    (b"<html", "a web page; download the file itself"),
];

/// One tensor of the list.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    name: Text,
    /// Where its shape stands in the header.
    shape: u32,
    pub(crate) dtype: DType,
    /// Where its bytes begin, counted from the end of the header.
    pub(crate) begin: u64,
    /// Where its bytes end.
    pub(crate) end: u64,
}

/// The tensors of a file, in the order of their data.
#[derive(Clone)]
pub(crate) struct Header<'a> {
    text: &'a str,
    decoded: String,
    entries: Vec<Entry>,
    /// Indices of `entries` in the order of their names.
    by_name: Vec<u32>,
}

/// The length of the header, as the first eight bytes tell, where it fits a
/// file of `file_len` bytes.
pub(crate) fn header_len(prefix: [u8; PREFIX], file_len: u64) -> Result<usize, FormatError> {
    let claimed = u64::from_le_bytes(prefix);
    let available = file_len.saturating_sub(PREFIX as u64);
    let other = OTHERS.iter().find(|(start, _)| prefix.starts_with(start));
    match usize::try_from(claimed) {
        Ok(len) if claimed <= available && claimed <= LIMIT => Ok(len),
        _ => Err(match other {
            Some((_, looks_like)) => FormatError::OtherFormat { looks_like },
            None if claimed <= LIMIT => FormatError::HeaderPastEnd { claimed, available },
            None => FormatError::HeaderTooLong { claimed },
        }),
    }
}

impl<'a> Header<'a> {
    /// Reads a header that `data_len` bytes of data follow.
    pub(crate) fn parse(bytes: &'a [u8], data_len: u64) -> Result<Self, FormatError> {
        let text = core::str::from_utf8(bytes)
            .map_err(|error| FormatError::Encoding { at: (PREFIX + error.valid_up_to()) as u64 })?;
        let mut lexer = Lexer::new(text, 0);
        check_start(text, &lexer)?;
        let mut entries = room_for(most_entries(text))?;
        let mut has_metadata = false;
        lexer.object(|lexer, name| {
            if lexer.resolve(name) != "__metadata__" {
                let entry = read_entry(lexer, name, data_len);
                entries.push(entry.map_err(|error| error.within(lexer.resolve(name)))?);
            } else if core::mem::replace(&mut has_metadata, true) {
                return Err(lexer.fault("`__metadata__` comes twice"));
            } else {
                check_metadata(lexer).map_err(|error| error.within("__metadata__"))?;
            }
            Ok(())
        })?;
        lexer.end()?;
        let mut header = Self { text, decoded: lexer.into_decoded(), entries, by_name: Vec::new() };
        header.index_names()?;
        header.check_cover(data_len)?;
        Ok(header)
    }

    /// The tensors, in the order of their data.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The index of the tensor that is called `name`.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let place = self.by_name.binary_search_by(|&index| self.name_at(index).cmp(name)).ok()?;
        self.by_name.get(place).map(|&index| index as usize)
    }

    /// The name of a tensor.
    pub(crate) fn name(&self, entry: &Entry) -> &str {
        entry.name.of(self.text, &self.decoded)
    }

    /// The shape of a tensor, read again from the text.
    pub(crate) fn shape(&self, entry: &Entry) -> TensorShape {
        read_shape(&mut Lexer::new(self.text, entry.shape as usize)).unwrap_or_default()
    }

    fn name_at(&self, index: u32) -> &str {
        self.entries.get(index as usize).map_or("", |entry| self.name(entry))
    }

    /// Sorts by place in the data and lists by name; no name may come twice.
    fn index_names(&mut self) -> Result<(), FormatError> {
        self.entries.sort_unstable_by_key(|entry| (entry.begin, entry.end, entry.shape));
        let mut by_name = room_for(self.entries.len())?;
        by_name.extend(0..self.entries.len() as u32);
        sort_indices(&mut by_name, &|a, b| self.name_at(a).cmp(self.name_at(b)));
        let twice = by_name.windows(2).find_map(|pair| match *pair {
            [a, b] if self.name_at(a) == self.name_at(b) => Some(a),
            _ => None,
        });
        if let Some(index) = twice {
            return Err(FormatError::DuplicateName { name: self.name_at(index).into() });
        }
        self.by_name = by_name;
        Ok(())
    }

    /// Each tensor must begin where the one before ends, and the last where the
    /// data does.
    fn check_cover(&self, data_len: u64) -> Result<(), FormatError> {
        let mut covered = 0;
        let mut last = "";
        for entry in &self.entries {
            let tensor = || self.name(entry).into();
            if entry.begin < covered {
                return Err(FormatError::Overlap { tensor: last.into(), other: tensor() });
            }
            if entry.begin > covered {
                let bytes = entry.begin - covered;
                return Err(FormatError::Hole { tensor: tensor(), bytes });
            }
            (covered, last) = (entry.end, self.name(entry));
        }
        match data_len - covered {
            0 => Ok(()),
            bytes => Err(FormatError::Trailing { bytes }),
        }
    }
}

impl Debug for Header<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} tensors", self.entries.len())
    }
}

/// The format wants `{` as the very first byte.
fn check_start(text: &str, lexer: &Lexer<'_>) -> Result<(), FormatError> {
    match text.chars().next() {
        Some('{') => Ok(()),
        Some('\u{feff}') => Err(lexer.fault("expected `{`, not a byte order mark")),
        Some(' ' | '\t' | '\n' | '\r') => Err(lexer.fault("expected `{`, not white space")),
        _ => Err(lexer.fault("expected `{`")),
    }
}

/// More entries than these can't be in `text`: each has a brace of its own.
fn most_entries(text: &str) -> usize {
    let braces = text.bytes().filter(|&byte| byte == b'{').count();
    braces.min(text.len() / SHORTEST_ENTRY)
}

/// An empty vector with room for `len` values, and no more.
fn room_for<T>(len: usize) -> Result<Vec<T>, FormatError> {
    let mut vec = Vec::new();
    vec.try_reserve_exact(len).map_err(|_| FormatError::OutOfMemory {
        bytes: (len as u64).saturating_mul(size_of::<T>() as u64),
    })?;
    Ok(vec)
}

/// Metadata is an object of strings; it is checked and passed over.
fn check_metadata(lexer: &mut Lexer<'_>) -> Result<(), FormatError> {
    let mut names: Vec<Text> = room_for(lexer.most_strings() / 2)?;
    lexer.object(|lexer, name| {
        lexer.string()?;
        names.push(name);
        Ok(())
    })?;
    let name = |index: u32| names.get(index as usize).map(|&name| lexer.resolve(name));
    let mut by_name = room_for(names.len())?;
    by_name.extend(0..names.len() as u32);
    sort_indices(&mut by_name, &|a, b| name(a).cmp(&name(b)));
    let twice = by_name.windows(2).any(|pair| match *pair {
        [a, b] => name(a) == name(b),
        _ => false,
    });
    if twice { Err(lexer.fault("a name comes twice in this object")) } else { Ok(()) }
}

fn read_entry(lexer: &mut Lexer<'_>, name: Text, data_len: u64) -> Result<Entry, FormatError> {
    let (mut dtype, mut shape, mut offsets) = (None, None, None);
    lexer.object(|lexer, field| {
        let twice = match lexer.resolve(field) {
            "dtype" => dtype.replace(read_dtype(lexer, name)?).is_some(),
            "shape" => shape.replace((lexer.position(), read_shape(lexer)?)).is_some(),
            "data_offsets" => offsets.replace(read_offsets(lexer)?).is_some(),
            other => {
                let (tensor, field) = (lexer.resolve(name).into(), other.into());
                return Err(FormatError::UnknownField { tensor, field });
            }
        };
        if twice { Err(lexer.fault("the field before this comes twice")) } else { Ok(()) }
    })?;
    let dtype = dtype.ok_or_else(|| lexer.fault("`dtype` is missing"))?;
    let (at, shape) = shape.ok_or_else(|| lexer.fault("`shape` is missing"))?;
    let (begin, end) = offsets.ok_or_else(|| lexer.fault("`data_offsets` is missing"))?;
    let entry = Entry { name, shape: at as u32, dtype, begin, end };
    check_bytes(&entry, &shape, data_len, || lexer.resolve(name).into())?;
    Ok(entry)
}

/// The bytes must lie in the file and be as many as shape and type take.
fn check_bytes(
    entry: &Entry,
    shape: &TensorShape,
    data_len: u64,
    tensor: impl Fn() -> String,
) -> Result<(), FormatError> {
    let Entry { begin, end, dtype, .. } = *entry;
    if begin > end || end > data_len {
        return Err(FormatError::Offsets { tensor: tensor(), begin, end, available: data_len });
    }
    let bits = shape.elements().and_then(|n| n.checked_mul(u64::from(dtype.bits())));
    let Some(needed_bits) = bits else {
        return Err(FormatError::TooLarge { tensor: tensor() });
    };
    let found = end - begin;
    if needed_bits % 8 != 0 || needed_bits / 8 != found {
        return Err(FormatError::ByteLength { tensor: tensor(), needed_bits, found });
    }
    Ok(())
}

fn read_dtype(lexer: &mut Lexer<'_>, name: Text) -> Result<DType, FormatError> {
    let text = lexer.string()?;
    DType::from_name(lexer.resolve(text)).ok_or_else(|| FormatError::UnknownDType {
        tensor: lexer.resolve(name).into(),
        dtype: lexer.resolve(text).into(),
    })
}

fn read_shape(lexer: &mut Lexer<'_>) -> Result<TensorShape, FormatError> {
    let mut shape = TensorShape::default();
    lexer.array(|lexer| {
        let size = usize::try_from(lexer.number()?)
            .map_err(|_| lexer.fault("a size is more than this machine can count"))?;
        shape.push(size).ok_or_else(|| lexer.fault("a shape has more than 8 sizes"))
    })?;
    Ok(shape)
}

fn read_offsets(lexer: &mut Lexer<'_>) -> Result<(u64, u64), FormatError> {
    let (mut ends, mut count) = ([0; 2], 0);
    lexer.array(|lexer| {
        let end = ends.get_mut(count).ok_or_else(|| lexer.fault("more than two offsets"))?;
        *end = lexer.number()?;
        count += 1;
        Ok(())
    })?;
    if count == 2 { Ok((ends[0], ends[1])) } else { Err(lexer.fault("fewer than two offsets")) }
}
