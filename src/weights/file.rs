//! Weights in files: the only part that needs an operating system.
//!
//! Only regular files are read, and of them no more than the header and what it
//! has been found to describe; a device that never ends or a sparse file of a
//! terabyte is refused for what it is. Files are copied into memory, never
//! mapped: one that shrinks while it is mapped kills the process.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Weights;
use super::error::{LoadErrorKind, SaveError};
use super::format_error::FormatError;
use super::header::{Header, PREFIX, header_len};
use super::load::{Data, PIECE, Sink, load};
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
) -> Result<Weights<T>, LoadErrorKind> {
    let (mut file, len) = open(path)?;
    let header = read_header(&mut file, len)?;
    let data_len = len - (PREFIX + header.len()) as u64;
    let header = Header::parse(&header, data_len).map_err(LoadErrorKind::Format)?;
    load(graph, &header, FileData { file, piece: vec![0; PIECE] })
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
    let mut header = Vec::new();
    header.try_reserve_exact(len).map_err(|_| LoadErrorKind::OutOfMemory { bytes: len as u64 })?;
    header.resize(len, 0);
    file.read_exact(&mut header)?;
    Ok(header)
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
    if let Some(what) = before.as_ref().and_then(other_than_file) {
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
