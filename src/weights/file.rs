//! Weights in files: the only part that needs an operating system.
//!
//! Only regular files are read, and of a safetensors file no more than the
//! header and what it has been found to describe; a device that never ends or a
//! sparse file of a terabyte is refused for what it is. Files are copied into
//! memory unless the caller asks otherwise: one that shrinks while it is mapped
//! kills the process.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use std::fs::{self, File, Metadata};
#[cfg(feature = "pth")]
use std::io::Seek;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Weights;
use super::archive::{Data, PIECE, Safe, Sink};
use super::error::{LoadErrorKind, SaveError};
use super::format::FormatError;
use super::format::{Header, PREFIX, header_len};
use super::load::{Kept, load};
use super::options::{LoadOptions, LoadReport};
use super::save::Plan;
use crate::element::Element;
use crate::graph::Graph;

impl From<io::Error> for LoadErrorKind {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The weights of `graph` in the file at `path`.
pub(super) fn load_file<T: Element>(
    graph: &Graph,
    path: &Path,
    options: &LoadOptions,
    kept: &Kept<'_, T>,
) -> Result<(Weights<T>, LoadReport), LoadErrorKind> {
    let (mut file, len) = open(path)?;
    #[cfg(feature = "mmap")]
    if options.mapped {
        return super::files::from_bytes(graph, &super::map::map(&file)?, options, kept);
    }
    #[cfg(feature = "pth")]
    if is_pth(&mut file)? {
        return super::files::from_bytes(graph, &read_all(&mut file, len)?, options, kept);
    }
    let header = read_header(&mut file, len)?;
    let data_len = len - (PREFIX + header.len()) as u64;
    let header = Header::parse(&header, data_len).map_err(LoadErrorKind::Format)?;
    let data = FileData { file, piece: vec![0; PIECE] };
    load(graph, &mut Safe { header: &header, data }, options, kept)
}

/// Whether the file begins as PyTorch's do; it stays at its start.
#[cfg(feature = "pth")]
fn is_pth(file: &mut File) -> Result<bool, LoadErrorKind> {
    let mut start = Vec::new();
    Read::take(&mut *file, super::pth::START as u64).read_to_end(&mut start)?;
    file.rewind()?;
    Ok(super::pth::looks_like(&start))
}

/// The `len` bytes of a file.
#[cfg(feature = "pth")]
fn read_all(file: &mut File, len: u64) -> Result<Vec<u8>, LoadErrorKind> {
    let mut bytes = room(usize::try_from(len).unwrap_or(usize::MAX))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Opens a regular file. What else there is in a file system is refused before
/// it is opened, since opening a pipe waits for somebody to write to it, and
/// after, in case it has changed in between.
fn open(path: &Path) -> Result<(File, u64), LoadErrorKind> {
    regular(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    regular(&metadata)?;
    Ok((file, metadata.len()))
}

fn regular(metadata: &Metadata) -> Result<(), LoadErrorKind> {
    match other_than_file(metadata) {
        Some(what) => Err(LoadErrorKind::NotAFile { what }),
        None => Ok(()),
    }
}

fn other_than_file(metadata: &Metadata) -> Option<&'static str> {
    match metadata {
        file if file.is_file() => None,
        dir if dir.is_dir() => Some("a directory"),
        _ => Some("a device, pipe or socket"),
    }
}

fn read_header(file: &mut File, file_len: u64) -> Result<Vec<u8>, LoadErrorKind> {
    if file_len < PREFIX as u64 {
        return Err(LoadErrorKind::Format(FormatError::TooShort { len: file_len }));
    }
    let mut prefix = [0; PREFIX];
    file.read_exact(&mut prefix)?;
    let len = header_len(prefix, file_len).map_err(LoadErrorKind::Format)?;
    let mut header = room(len)?;
    file.read_exact(&mut header)?;
    Ok(header)
}

/// So many zeros.
fn room(len: usize) -> Result<Vec<u8>, LoadErrorKind> {
    let mut bytes = Vec::new();
    let failed = |_| LoadErrorKind::OutOfMemory { bytes: len as u64, tensor: None };
    bytes.try_reserve_exact(len).map_err(failed)?;
    bytes.resize(len, 0);
    Ok(bytes)
}

/// The rest of a file, read a piece at a time.
struct FileData {
    file: File,
    piece: Vec<u8>,
}

impl Data for FileData {
    fn next(&mut self, len: u64, sink: &mut Sink<'_>) -> Result<(), LoadErrorKind> {
        let mut left = len;
        while left > 0 {
            let now = usize::try_from(left).unwrap_or(usize::MAX).min(self.piece.len());
            let piece = self.piece.split_at_mut(now).0;
            self.file.read_exact(piece)?;
            sink(piece)?;
            left -= now as u64;
        }
        Ok(())
    }
}

/// Writes `weights` to the file at `path`: to a new file beside it first, which
/// then takes its place, so that at any time one of both is there and whole.
pub(super) fn save_file<T: Element>(
    weights: &Weights<T>,
    graph: &Graph,
    path: &Path,
) -> Result<(), SaveError> {
    let plan = Plan::new(weights, graph)?;
    let failed = |source| SaveError::Io { path: path.into(), source };
    let before = fs::metadata(path).ok();
    let what = match &before {
        Some(before) => other_than_file(before),
        None => path.is_symlink().then_some("a link that leads nowhere"),
    };
    if let Some(what) = what {
        return Err(SaveError::NotAFile { path: path.into(), what });
    }
    // A link stays one: its target is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.into());
    let (mut file, beside) = create_beside(&target).map_err(failed)?;
    let written = plan
        .write(weights, |bytes| file.write_all(bytes))
        .and_then(|()| finish(&file, before.as_ref()))
        .and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // There is a better error to report than that this fails too.
        let _ = fs::remove_file(&beside);
    }
    written.map_err(failed)
}

/// The data must be on the disk before the name points to it.
fn finish(file: &File, before: Option<&Metadata>) -> io::Result<()> {
    if let Some(before) = before {
        file.set_permissions(before.permissions())?;
    }
    file.sync_all()
}

/// A new file in the folder of `path`; a rename works within one only.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let beside = path.with_file_name(format!(".typenet-{}-{count}.tmp", process::id()));
        match File::create_new(&beside) {
            // Left by a process of the same number that was killed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return result.map(|file| (file, beside)),
        }
    }
}
