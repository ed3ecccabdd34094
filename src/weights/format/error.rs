//! What can be wrong with a safetensors file as such, whatever the network.

use alloc::string::String;
use core::fmt::{self, Display, Formatter};

use super::quote::Quoted;

/// A file that breaks the rules of the safetensors format.
///
/// ```
/// use typenet::weights::{FormatError, SafeTensors};
///
/// let error = SafeTensors::parse(b"").unwrap_err();
/// assert_eq!(error, FormatError::TooShort { len: 0 });
/// assert_eq!(error.to_string(), "the file is empty");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum FormatError {
    /// Less than the eight bytes that tell the length of the header.
    TooShort {
        /// The bytes of the file.
        len: u64,
    },
    /// The first bytes are another format's.
    OtherFormat {
        /// What it looks like, and what to do.
        looks_like: &'static str,
    },
    /// The header is said to be longer than the file.
    HeaderPastEnd {
        /// The length that the first eight bytes tell.
        claimed: u64,
        /// The bytes that follow them.
        available: u64,
    },
    /// The header is said to be longer than any is allowed to be.
    HeaderTooLong {
        /// The length that the first eight bytes tell.
        claimed: u64,
    },
    /// The header is not UTF-8.
    Encoding {
        /// The first byte of the file that is not.
        at: u64,
    },
    /// The header is not the JSON that it has to be.
    Json {
        /// The byte of the file where that shows.
        at: u64,
        /// What is wrong there.
        problem: &'static str,
        /// In whose entry, if in a tensor's.
        tensor: Option<String>,
    },
    /// Two tensors have one name.
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A tensor's entry has a field that the format does not know.
    UnknownField {
        /// The tensor.
        tensor: String,
        /// The field.
        field: String,
    },
    /// A tensor's numbers have a type that the format does not know.
    UnknownDType {
        /// The tensor.
        tensor: String,
        /// The type.
        dtype: String,
    },
    /// The sizes of a tensor multiply to more than 2⁶⁴ − 1 bits, or one of them
    /// is more than this machine can count.
    TooLarge {
        /// The tensor.
        tensor: String,
    },
    /// A tensor has more or fewer bytes than its shape and type take.
    ByteLength {
        /// The tensor.
        tensor: String,
        /// The bits that shape and type take.
        needed_bits: u64,
        /// The bytes that it has.
        found: u64,
    },
    /// The bytes of a tensor end before they begin, or after the file.
    Offsets {
        /// The tensor.
        tensor: String,
        /// Where they begin, counted from the end of the header.
        begin: u64,
        /// Where they end.
        end: u64,
        /// The bytes that follow the header.
        available: u64,
    },
    /// Two tensors share bytes.
    Overlap {
        /// The one.
        tensor: String,
        /// The other.
        other: String,
    },
    /// Bytes before a tensor belong to none.
    Hole {
        /// The tensor.
        tensor: String,
        /// The number of bytes.
        bytes: u64,
    },
    /// Bytes after the last tensor belong to none.
    Trailing {
        /// The number of bytes.
        bytes: u64,
    },
    /// There is no memory for the list of tensors.
    OutOfMemory {
        /// The bytes asked for, fewer than the file has.
        bytes: u64,
    },
}

impl FormatError {
    /// Adds in whose entry it is.
    pub(crate) fn within(mut self, name: &str) -> Self {
        if let Self::Json { tensor, .. } = &mut self {
            *tensor = Some(name.into());
        }
        self
    }
}

impl Display for FormatError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { at, problem, tensor } => {
                write!(f, "the header is broken at byte {at}")?;
                if let Some(tensor) = tensor {
                    write!(f, ", in the entry of {}", Quoted(tensor))?;
                }
                write!(f, ": {problem}")
            }
            Self::OutOfMemory { bytes } => {
                write!(f, "no memory for {bytes} bytes to list the tensors of the file")
            }
            Self::TooShort { .. }
            | Self::OtherFormat { .. }
            | Self::HeaderPastEnd { .. }
            | Self::HeaderTooLong { .. }
            | Self::Encoding { .. } => self.fmt_frame(f),
            _ => self.fmt_tensor(f),
        }
    }
}

impl FormatError {
    /// What is wrong with the frame around the header.
    fn fmt_frame(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { len: 0 } => f.write_str("the file is empty"),
            Self::TooShort { len } => {
                write!(f, "the file is {len} bytes long, but the length of its header takes 8")
            }
            Self::OtherFormat { looks_like } => {
                write!(f, "not a safetensors file: it looks like {looks_like}")
            }
            Self::HeaderPastEnd { claimed, available } => write!(
                f,
                "the header is said to be {claimed} bytes long, but only {available} follow: \
                 the file is cut short, or it is not a safetensors file"
            ),
            Self::HeaderTooLong { claimed } => write!(
                f,
                "the header is said to be {claimed} bytes long, but 100000000 is the most that \
                 the format allows: this is not a safetensors file"
            ),
            Self::Encoding { at } => write!(f, "the header is not UTF-8 at byte {at}"),
            _ => Ok(()),
        }
    }

    /// What is wrong with a tensor, or with the bytes between two.
    fn fmt_tensor(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateName { name } => {
                write!(f, "two tensors are called {}", Quoted(name))
            }
            Self::UnknownField { tensor, field } => {
                write!(f, "{} has an unknown field {}", Quoted(tensor), Quoted(field))
            }
            Self::UnknownDType { tensor, dtype } => {
                write!(f, "{} has the unknown number type {}", Quoted(tensor), Quoted(dtype))
            }
            Self::TooLarge { tensor } => {
                write!(f, "the shape of {} is too large for any memory", Quoted(tensor))
            }
            Self::ByteLength { tensor, needed_bits, found } => {
                write!(f, "{} has {found} bytes, but its shape and type take ", Quoted(tensor))?;
                match needed_bits % 8 {
                    0 => write!(f, "{}", needed_bits / 8),
                    _ => write!(f, "{needed_bits} bits, which is no whole number of them"),
                }
            }
            Self::Offsets { tensor, begin, end, .. } if begin > end => {
                write!(f, "{} begins at {begin}, after its end at {end}", Quoted(tensor))
            }
            Self::Offsets { tensor, end, available, .. } => write!(
                f,
                "{} ends at {end}, but only {available} bytes follow the header: \
                 the file is cut short",
                Quoted(tensor)
            ),
            Self::Overlap { tensor, other } => {
                write!(f, "{} and {} share bytes", Quoted(tensor), Quoted(other))
            }
            Self::Hole { tensor, bytes } => {
                write!(f, "{bytes} bytes before {} belong to no tensor", Quoted(tensor))
            }
            Self::Trailing { bytes } => {
                write!(f, "{bytes} bytes after the last tensor belong to none")
            }
            _ => Ok(()),
        }
    }
}

impl core::error::Error for FormatError {}
