//! What can go wrong between a file and a tensor.

use core::fmt::{self, Display, Formatter};
use std::boxed::Box;
use std::io;
use std::path::{Path, PathBuf};
use std::string::String;

use crate::spec::Dims;

/// A photo could not be read, or not be made what was asked for.
#[derive(Debug)]
pub struct PhotoError(Box<(PhotoErrorKind, Option<PathBuf>)>);

/// Why.
///
/// ```
/// use typenet::image::{Photo, PhotoErrorKind};
///
/// let error = Photo::decode(b"").unwrap_err();
/// assert!(matches!(error.kind(), PhotoErrorKind::Format { .. }));
/// assert_eq!(error.to_string(), "can't read the photo: the file is empty");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum PhotoErrorKind {
    /// The file can't be read.
    Io(io::Error),
    /// The path leads to a directory, device or pipe.
    NotAFile,
    /// The file is not PNG or JPEG.
    Format {
        /// What it is, and what to do.
        looks_like: &'static str,
    },
    /// The file is damaged.
    Damaged {
        /// What the decoder says.
        problem: String,
    },
    /// The file ends before the picture does.
    CutShort,
    /// The file, or the picture in it, is larger than the limits allow.
    TooLarge {
        /// Pixels in a row; 0 if the file itself is too large.
        width: u64,
        /// Rows.
        height: u64,
    },
    /// As many values do not make a photo of these sides.
    Values {
        /// Pixels in a row.
        width: usize,
        /// Rows.
        height: usize,
        /// The number of values.
        values: usize,
    },
    /// The box lies outside of the photo, or is empty.
    OutsideBox {
        /// Left, top, right, bottom.
        from: [f64; 4],
        /// Pixels in a row of the photo.
        width: usize,
        /// Its rows.
        height: usize,
    },
    /// A photo of 0 pixels, or of more than memory holds, was asked for.
    Target {
        /// Pixels in a row.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// The recipe cuts out more than it leaves of the photo.
    CutOut {
        /// Pixels in a row that are wanted.
        width: usize,
        /// Rows that are wanted.
        height: usize,
    },
    /// The network does not take such images.
    Input {
        /// What it takes.
        dims: Dims,
        /// The channels that the recipe is for.
        channels: usize,
    },
}

impl PhotoError {
    pub(super) fn new(kind: PhotoErrorKind) -> Self {
        Self(Box::new((kind, None)))
    }

    pub(super) fn at(path: &Path, kind: PhotoErrorKind) -> Self {
        Self(Box::new((kind, Some(path.into()))))
    }

    /// Why.
    pub fn kind(&self) -> &PhotoErrorKind {
        &self.0.0
    }

    /// The file, if it was not bytes in memory.
    pub fn path(&self) -> Option<&Path> {
        self.0.1.as_deref()
    }
}

impl Display for PhotoError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.path() {
            // Somebody else may have named the file: no control sequences to the terminal.
            Some(path) => {
                let path = path.to_string_lossy().replace(char::is_control, "\u{fffd}");
                write!(f, "can't read the photo `{path}`: ")?;
            }
            None => f.write_str("can't read the photo: ")?,
        }
        self.kind().fmt(f)
    }
}

impl Display for PhotoErrorKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::NotAFile => f.write_str("this is a directory, device or pipe, not a file"),
            Self::Format { looks_like: "" } => f.write_str("the file is empty"),
            Self::Format { looks_like } => {
                write!(f, "this is {looks_like}; PNG and JPEG files are read")
            }
            Self::Damaged { problem } => write!(f, "the file is damaged: {problem}"),
            Self::CutShort => f.write_str("the file ends before the picture does"),
            Self::TooLarge { width: 0, .. } => {
                f.write_str("the file is larger than the limit allows")
            }
            Self::TooLarge { width, height } => {
                write!(f, "the picture is {width}×{height} pixels, more than the limit allows")
            }
            Self::Values { width, height, values } => {
                write!(f, "{width}×{height} pixels are not made of {values} values")
            }
            Self::OutsideBox { from: [left, top, right, bottom], width, height } => write!(
                f,
                "the box from ({left}, {top}) to ({right}, {bottom}) does not lie in the \
                 {width}×{height} pixels of the photo"
            ),
            Self::Target { width, height } => {
                write!(f, "a photo can't be resized to {width}×{height} pixels")
            }
            Self::CutOut { width, height } => write!(
                f,
                "the recipe leaves less of the photo than the {width}×{height} pixels to cut out"
            ),
            Self::Input { dims, channels } => write!(
                f,
                "the network takes {dims}, and the recipe makes images of {channels} channels"
            ),
        }
    }
}

impl core::error::Error for PhotoError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self.kind() {
            PhotoErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}
