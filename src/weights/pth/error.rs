//! What can be wrong with a checkpoint.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter};

use crate::weights::format::Quoted;

/// A file that is no checkpoint of PyTorch that can be read without running it.
///
/// ```
/// use typenet::weights::PthError;
///
/// let error = PthError::Forbidden { module: "os".into(), name: "system".into() };
/// assert!(error.to_string().starts_with("the file asks Python for `os.system`"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum PthError {
    /// The zip archive is damaged, or not one of PyTorch's.
    Archive {
        /// What is wrong with it.
        problem: String,
    },
    /// An entry of the archive is not what its checksum says.
    Checksum {
        /// The entry.
        entry: String,
    },
    /// The pickle can't be read.
    Pickle {
        /// The byte of the pickle where that shows.
        at: usize,
        /// What is wrong there.
        problem: &'static str,
    },
    /// The pickle calls for a class or function that no state dict needs.
    Forbidden {
        /// Its module.
        module: String,
        /// Its name.
        name: String,
    },
    /// The pickle builds more than the file has bytes for.
    TooLarge,
    /// The file was written on a big-endian machine.
    BigEndian,
    /// What was saved is not a dictionary of tensors.
    NoStateDict {
        /// What it is instead.
        found: &'static str,
    },
    /// Several entries of the checkpoint are dictionaries of tensors.
    Several {
        /// Their names.
        keys: Vec<String>,
    },
    /// An entry of the state dict is not a tensor.
    NotATensor {
        /// The entry.
        name: String,
    },
    /// The numbers of a storage, in which tensors lie, are not there.
    Storage {
        /// What the file calls it.
        key: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Two tensors have this name.
    SameName {
        /// The name.
        name: String,
    },
    /// A tensor does not lie within its storage, or has no storage.
    Tensor {
        /// The tensor.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl Display for PthError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Archive { problem } => write!(f, "the archive is damaged: {problem}"),
            Self::Checksum { entry } => {
                write!(f, "{} of the archive does not match its checksum", Quoted(entry))
            }
            Self::Pickle { at, problem } => {
                write!(f, "the pickle is broken at byte {at}: {problem}")
            }
            Self::Forbidden { module, name } => {
                let name = [module, ".", name].concat();
                write!(
                    f,
                    "the file asks Python for {}, which no state dict needs; ",
                    Quoted(&name)
                )?;
                f.write_str("nothing was run. Save `model.state_dict()`, not the model")
            }
            Self::TooLarge => {
                f.write_str("the pickle would build more than the file has bytes for")
            }
            Self::BigEndian => f.write_str("the file was written on a big-endian machine"),
            Self::NoStateDict { found } => {
                write!(f, "the file holds {found}, not a dictionary of tensors; ")?;
                f.write_str("save `model.state_dict()`")
            }
            Self::Several { keys } => {
                f.write_str("the file holds several dictionaries of tensors:")?;
                for (index, key) in keys.iter().take(8).enumerate() {
                    write!(f, "{} {}", if index == 0 { "" } else { "," }, Quoted(key))?;
                }
                f.write_str("; save one of them alone")
            }
            Self::NotATensor { name } => write!(f, "{} is not a tensor", Quoted(name)),
            Self::Storage { key, problem } => write!(f, "the storage {} {problem}", Quoted(key)),
            Self::SameName { name } => write!(f, "two tensors are called {}", Quoted(name)),
            Self::Tensor { name, problem } => write!(f, "{}: {problem}", Quoted(name)),
        }
    }
}

impl core::error::Error for PthError {}
