//! What can go wrong between a file and a network.
//!
//! [`Mismatch`] lists everything that does not fit at once, in data that a
//! program can act on; its text is cut to a length that a person can read.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter};
#[cfg(feature = "std")]
use std::path::{Path, PathBuf};

use super::format::DType;
use super::format::FormatError;
use super::format::Quoted;
use super::format::TensorShape;
#[cfg(feature = "std")]
use super::format::quote::escaped;
#[cfg(feature = "pth")]
use super::pth::PthError;
use crate::element::Element;
use crate::error::ShapeError;

/// Tensors that the text of an error lists of each kind.
const SHOWN: usize = 8;

/// Weights could not be loaded; nothing has changed.
///
/// ```
/// use typenet::graph::Graph;
/// use typenet::spec::{Dims, Linear, Node, Op, Spec};
/// use typenet::weights::{LoadErrorKind, Weights};
///
/// let fc = Spec::Op(Op::Linear(Linear { inputs: 4, outputs: 2, bias: false }));
/// let graph = Graph::new(&Spec::Chain(&[Node::new("fc", &fc)]), Dims::vector(4))?;
///
/// let error = Weights::<f32>::from_safetensors(&graph, b"\x02\0\0\0\0\0\0\0{}").unwrap_err();
/// let LoadErrorKind::Mismatch(mismatch) = error.kind() else { panic!("{error}") };
/// assert_eq!(mismatch.missing[0].name, "fc.weight");
/// assert_eq!(mismatch.missing[0].shape.as_slice(), [2, 4]);
/// # Ok::<(), typenet::error::ShapeError>(())
/// ```
#[derive(Debug)]
pub struct LoadError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: LoadErrorKind,
    #[cfg(feature = "std")]
    path: Option<PathBuf>,
}

/// Why weights could not be loaded.
///
/// ```
/// use typenet::weights::{FormatError, LoadErrorKind};
///
/// let kind = LoadErrorKind::Format(FormatError::TooShort { len: 0 });
/// assert_eq!(kind.to_string(), "the file is empty");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadErrorKind {
    /// The file can't be read.
    #[cfg(feature = "std")]
    Io(std::io::Error),
    /// The path leads to something that is not a file.
    NotAFile {
        /// What it is instead.
        what: &'static str,
    },
    /// The file is not a sound safetensors file.
    Format(FormatError),
    /// The tensors of the file are not the parameters of the network.
    Mismatch(Mismatch),
    /// A value is NaN or infinite.
    NotFinite {
        /// The tensor.
        name: String,
        /// Which of its values, counted in the order of the file from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A variance is negative.
    NegativeVariance {
        /// The tensor.
        name: String,
        /// Which of its values, counted in the order of the file from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// Two parameters of the network have one name, so the file can't say which
    /// is which.
    SameName {
        /// The name.
        name: String,
    },
    /// Two tensors of the file have one name after the mapping of names.
    SameNameInFile {
        /// The name.
        name: String,
        /// What the file calls them.
        tensors: [String; 2],
    },
    /// The file is not a sound PyTorch checkpoint.
    #[cfg(feature = "pth")]
    Pth(PthError),
    /// There is no memory for the weights, or for the file.
    OutOfMemory {
        /// The bytes asked for.
        bytes: u64,
        /// For which tensor, if for one.
        tensor: Option<String>,
    },
}

/// How the tensors of a file differ from the parameters of a network.
///
/// Every difference is listed, in the order of the network or file; the text
/// shows the first eight of each kind.
///
/// ```
/// use typenet::weights::Mismatch;
///
/// let mut mismatch = Mismatch::default();
/// assert!(mismatch.is_empty());
/// mismatch.unexpected.push("fc3.weight".into());
/// assert!(mismatch.to_string().contains("unexpected: `fc3.weight`"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Mismatch {
    /// Parameters that the file does not have.
    pub missing: Vec<Missing>,
    /// Tensors that the network does not have.
    pub unexpected: Vec<String>,
    /// Tensors of another shape than the network's.
    pub misshapen: Vec<Misshapen>,
    /// Tensors whose numbers the network's can't hold.
    pub wrong_dtype: Vec<WrongDType>,
}

/// A parameter that the file does not have.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Missing {
    /// The full name.
    pub name: String,
    /// The shape that it would have.
    pub shape: TensorShape,
    /// An unexpected tensor of the file that has nearly that name.
    pub similar: Option<String>,
}

/// A tensor of another shape than the network's.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Misshapen {
    /// The full name.
    pub name: String,
    /// The network's shape.
    pub expected: TensorShape,
    /// The file's.
    pub found: TensorShape,
}

/// A tensor whose numbers the reader's can't hold exactly.
///
/// ```
/// # use typenet::weights::{DType, SafeTensors};
/// let header = br#"{"x":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}"#;
/// let file = [&[54, 0, 0, 0, 0, 0, 0, 0], &header[..]].concat();
/// let error = SafeTensors::parse(&file)?.get("x").ok_or("no x")?.to_f32().unwrap_err();
/// assert_eq!((error.name.as_str(), error.found), ("x", DType::F64));
/// assert_eq!(error.to_string(), "`x` is F64, not U8, F32, F16 or BF16");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct WrongDType {
    /// The full name.
    pub name: String,
    /// The type in the file.
    pub found: DType,
    /// The types that would do.
    pub accepted: Vec<DType>,
}

/// Weights could not be saved; what was at the path before still is.
///
/// ```
/// use typenet::weights::SaveError;
///
/// let error = SaveError::UnfitName { name: "__metadata__".into() };
/// assert!(error.to_string().contains("`__metadata__`"));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum SaveError {
    /// The weights belong to another network than the graph.
    OtherNetwork(ShapeError),
    /// Two parameters have this name, or the format keeps it for itself.
    UnfitName {
        /// The name.
        name: String,
    },
    /// The file can't be written.
    #[cfg(feature = "std")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something that is not a file is in the way.
    #[cfg(feature = "std")]
    NotAFile {
        /// Where it is.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
}

impl LoadError {
    pub(super) fn new(kind: LoadErrorKind) -> Self {
        let inner = Inner {
            kind,
            #[cfg(feature = "std")]
            path: None,
        };
        Self(Box::new(inner))
    }

    #[cfg(feature = "std")]
    pub(super) fn at(path: &Path, kind: LoadErrorKind) -> Self {
        Self(Box::new(Inner { kind, path: Some(path.into()) }))
    }

    /// Why.
    ///
    /// ```
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::{FormatError, LoadErrorKind, Weights};
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// let error = Weights::<f32>::from_safetensors(&graph, b"").unwrap_err();
    /// assert!(matches!(error.kind(), LoadErrorKind::Format(FormatError::TooShort { len: 0 })));
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn kind(&self) -> &LoadErrorKind {
        &self.0.kind
    }

    /// Why, by value.
    ///
    /// ```
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::{LoadErrorKind, Weights};
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// let error = Weights::<f32>::from_safetensors(&graph, b"").unwrap_err();
    /// assert!(matches!(error.into_kind(), LoadErrorKind::Format(_)));
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn into_kind(self) -> LoadErrorKind {
        self.0.kind
    }

    /// The file, if it was not bytes in memory.
    ///
    /// ```
    /// # use std::path::Path;
    /// # use typenet::graph::Graph;
    /// # use typenet::spec::{Dims, Spec};
    /// # use typenet::weights::Weights;
    /// # let graph = Graph::new(&Spec::Chain(&[]), Dims::vector(1))?;
    /// let error = Weights::<f32>::load(&graph, "no/such/file").unwrap_err();
    /// assert_eq!(error.path(), Some(Path::new("no/such/file")));
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }
}

impl Mismatch {
    /// Whether nothing differs.
    ///
    /// ```
    /// assert!(typenet::weights::Mismatch::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty()
            && self.unexpected.is_empty()
            && self.misshapen.is_empty()
            && self.wrong_dtype.is_empty()
    }
}

impl Misshapen {
    /// The order of the found axes that gives the network's shape, as
    /// `torch.permute` takes it: the tensor is stored transposed. Where several
    /// would do (a square kernel), that of a known framework comes first.
    ///
    /// A transposition that leaves the shape as it is can't be seen in it.
    pub fn permutation(&self) -> Option<Vec<usize>> {
        let (found, expected) = (self.found.as_slice(), self.expected.as_slice());
        if found.len() != expected.len() {
            return None;
        }
        let fits = |axes: &&[usize]| {
            axes.len() == found.len() && axes.iter().zip(expected).all(|(&a, &n)| found[a] == n)
        };
        if let Some(known) = KNOWN_ORDERS.iter().copied().find(fits) {
            return Some(known.to_vec());
        }
        let mut free: Vec<usize> = (0..found.len()).collect();
        let mut take = |size: &usize| {
            let place = free.iter().position(|&axis| found[axis] == *size)?;
            Some(free.remove(place))
        };
        expected.iter().map(&mut take).collect()
    }
}

/// Ways in which other frameworks store filters and matrices, as the order of
/// their axes: matrices transposed; H×W×I×O (TensorFlow), O×H×W×I, H×W×O×I
/// (TensorFlow's depthwise), I×O×H×W.
const KNOWN_ORDERS: [&[usize]; 5] =
    [&[1, 0], &[3, 2, 0, 1], &[0, 3, 1, 2], &[2, 3, 0, 1], &[1, 0, 2, 3]];

/// Axes as PyTorch writes them: `(1, 0)`.
struct Axes<'a>(&'a [usize]);

impl Display for Axes<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, axis) in self.0.iter().enumerate() {
            write!(f, "{}{axis}", if index == 0 { "(" } else { ", " })?;
        }
        f.write_str(")")
    }
}

impl WrongDType {
    /// Names those of `accepted` that `T` holds.
    pub(super) fn new<T: Element>(name: &str, found: DType, accepted: &[DType]) -> Self {
        let accepted = accepted.iter().copied().filter(|dtype| dtype.fits::<T>()).collect();
        Self { name: name.into(), found, accepted }
    }
}

impl Display for LoadError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("can't load weights")?;
        #[cfg(feature = "std")]
        if let Some(path) = &self.0.path {
            write!(f, " from {}", QuotedPath(path))?;
        }
        write!(f, ": {}", self.0.kind)
    }
}

impl Display for LoadErrorKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "std")]
            Self::Io(error) => error.fmt(f),
            Self::NotAFile { what } => write!(f, "this is {what}, not a file"),
            Self::Format(error) => error.fmt(f),
            Self::Mismatch(mismatch) => mismatch.fmt(f),
            Self::NotFinite { name, index, value } => {
                write!(f, "{} has the value {value} at index {index}", Quoted(name))?;
                f.write_str("; every weight must be finite")
            }
            Self::NegativeVariance { name, index, value } => {
                write!(f, "{} has the value {value} at index {index}", Quoted(name))?;
                f.write_str("; a variance can't be negative")
            }
            Self::SameName { name } => {
                write!(f, "two parameters of the network are called {}", Quoted(name))
            }
            Self::SameNameInFile { name, tensors: [a, b] } => {
                let (a, b, name) = (Quoted(a), Quoted(b), Quoted(name));
                write!(f, "{a} and {b} of the file would both be called {name}")
            }
            #[cfg(feature = "pth")]
            Self::Pth(error) => error.fmt(f),
            Self::OutOfMemory { bytes, tensor } => {
                write!(f, "no memory for {bytes} bytes")?;
                tensor.iter().try_for_each(|name| write!(f, " of {}", Quoted(name)))
            }
        }
    }
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("the tensors of the file do not fit the network")?;
        list(f, "missing", &self.missing)?;
        list_by(f, "unexpected", &self.unexpected, |name, f| Quoted(name).fmt(f))?;
        list(f, "wrong shape", &self.misshapen)?;
        list(f, "wrong type", &self.wrong_dtype)?;
        if !self.missing.is_empty() && !self.unexpected.is_empty() {
            f.write_str("\nhelp: tensors are found by their names; `LoadOptions::names` maps ")?;
            f.write_str("them, or rename the fields of the network")?;
        }
        let double = |tensor: &WrongDType| {
            tensor.found == DType::F64 && !tensor.accepted.contains(&DType::F64)
        };
        if self.wrong_dtype.iter().any(double) {
            f.write_str("\nhelp: to round them, load as `Weights::<f64>` and `cast`")?;
        }
        Ok(())
    }
}

/// A line for each of the first items, and one for how many are left.
pub(super) fn list_by<T>(
    f: &mut Formatter<'_>,
    what: &str,
    items: &[T],
    show: impl Fn(&T, &mut Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    for item in items.iter().take(SHOWN) {
        write!(f, "\n  {what}: ")?;
        show(item, f)?;
    }
    match items.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, "\n  {what}: … and {more} more"),
    }
}

pub(super) fn list<T: Display>(f: &mut Formatter<'_>, what: &str, items: &[T]) -> fmt::Result {
    list_by(f, what, items, T::fmt)
}

impl Display for Missing {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", Quoted(&self.name), self.shape)?;
        match &self.similar {
            Some(similar) => write!(f, ", did you mean {}?", Quoted(similar)),
            None => Ok(()),
        }
    }
}

impl Display for Misshapen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, expected, found } = self;
        write!(f, "{} is {found}, the network needs {expected}", Quoted(name))?;
        match self.permutation() {
            Some(axes) => write!(
                f,
                " (the same sizes in another order: `permute{axes}` it)",
                axes = Axes(&axes)
            ),
            None if found.elements() == expected.elements() => {
                f.write_str(" (as many values in another shape: `reshape` it)")
            }
            None => Ok(()),
        }
    }
}

impl Display for WrongDType {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, not ", Quoted(&self.name), self.found)?;
        for (index, dtype) in self.accepted.iter().enumerate() {
            let before = match self.accepted.len() - index {
                _ if index == 0 => "",
                1 => " or ",
                _ => ", ",
            };
            write!(f, "{before}{dtype}")?;
        }
        Ok(())
    }
}

impl Display for SaveError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("can't save weights")?;
        match self {
            Self::OtherNetwork(error) => write!(f, ": {error}"),
            Self::UnfitName { name } => {
                write!(f, ": {} is no name for one parameter alone", Quoted(name))
            }
            #[cfg(feature = "std")]
            Self::Io { path, source } => {
                write!(f, " to {}: {source}", QuotedPath(path))
            }
            #[cfg(feature = "std")]
            Self::NotAFile { path, what } => {
                write!(f, " to {}: this is {what}, not a file", QuotedPath(path))
            }
        }
    }
}

impl core::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.0.kind.source()
    }
}

impl core::error::Error for LoadErrorKind {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            #[cfg(feature = "std")]
            Self::Io(error) => Some(error),
            Self::Format(error) => Some(error),
            #[cfg(feature = "pth")]
            Self::Pth(error) => Some(error),
            Self::Mismatch(mismatch) => Some(mismatch),
            _ => None,
        }
    }
}

impl core::error::Error for SaveError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::OtherNetwork(error) => Some(error),
            #[cfg(feature = "std")]
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl core::error::Error for Mismatch {}
impl core::error::Error for WrongDType {}

/// A path in backticks, escaped like a name but whole.
#[cfg(feature = "std")]
struct QuotedPath<'a>(&'a Path);

#[cfg(feature = "std")]
impl Display for QuotedPath<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        escaped(f, &self.0.to_string_lossy(), usize::MAX).map(drop)
    }
}
