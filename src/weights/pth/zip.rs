//! The form of today: an archive of stored entries, `data.pkl` with the pickle and
//! `data/KEY` with each storage, all in a folder that may have any name.

use alloc::format;
use alloc::string::{String, ToString};
use std::io::{self, Cursor};

use ::zip::ZipArchive;
use ::zip::read::{ArchiveOffset, Config};
use ::zip::result::ZipError;

use super::pickle::run;
use super::{Pth, PthError, Storages};
use crate::weights::format::Quoted;

impl From<ZipError> for PthError {
    fn from(error: ZipError) -> Self {
        Self::Archive { problem: error.to_string() }
    }
}

pub(super) fn parse(file: &[u8]) -> Result<Pth<'_>, PthError> {
    // An archive of torch's begins with the file. Where the offset is to be detected,
    // zip 9 takes the second header for the first if that has 76 bytes, the length of
    // the two records that stand behind them all: with a folder of 21 letters.
    let config = Config { archive_offset: ArchiveOffset::Known(0) };
    let mut archive = ZipArchive::with_config(config, Cursor::new(file))?;
    let folder = folder(&archive)?;
    let mut entries = Entries { file, archive: &mut archive, left: file.len() };
    if let Some(order) = entries.get(&format!("{folder}byteorder"))?
        && order != b"little"
    {
        return Err(PthError::BigEndian);
    }
    let missing =
        |entry: &str| PthError::Archive { problem: format!("it has no {}", Quoted(entry)) };
    let pickle = entries.get(&format!("{folder}data.pkl"))?.ok_or_else(|| missing("data.pkl"))?;
    let (root, heap, _) = run(pickle, file.len())?;
    let mut storages = Storages::new();
    for storage in &heap.storages {
        if !storages.contains_key(storage.key) {
            let entry = format!("data/{}", storage.key);
            let bytes = entries.get(&format!("{folder}{entry}"))?;
            storages.insert(storage.key, bytes.ok_or_else(|| missing(&entry))?);
        }
    }
    Pth::new(root, &heap, &storages)
}

/// The folder of `data.pkl`, with the slash at its end.
fn folder(archive: &ZipArchive<Cursor<&[u8]>>) -> Result<String, PthError> {
    let names = (0..archive.len()).filter_map(|index| archive.name_for_index(index));
    let mut folders = names.filter_map(|name| {
        let name = name.ok()?;
        let folder = name.strip_suffix("data.pkl")?;
        (folder.is_empty() || folder.ends_with('/')).then(|| folder.to_string())
    });
    let problem = "it has no `data.pkl`, so torch has not written it".into();
    let folder = folders.next().ok_or(PthError::Archive { problem })?;
    match folders.next() {
        None => Ok(folder),
        Some(_) => Err(PthError::Archive { problem: "it has two `data.pkl`".into() }),
    }
}

/// The entries of an archive in memory.
struct Entries<'a, 'b> {
    file: &'a [u8],
    archive: &'b mut ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that entries may still have: they can't be more than the file's.
    left: usize,
}

impl<'a> Entries<'a, '_> {
    /// The bytes of an entry where they lie in the file, once its checksum has
    /// been found right.
    fn get(&mut self, name: &str) -> Result<Option<&'a [u8]>, PthError> {
        let Some(index) = self.archive.index_for_name(name) else {
            return Ok(None);
        };
        let damaged =
            |problem: &str| PthError::Archive { problem: format!("{} {problem}", Quoted(name)) };
        let entry = self.archive.by_index(index);
        let mut entry = entry.map_err(|error| damaged(&format!("can't be read: {error}")))?;
        if entry.compression() != ::zip::CompressionMethod::Stored {
            return Err(damaged("is compressed, which torch does not do"));
        }
        let start = entry.data_start().and_then(|start| usize::try_from(start).ok());
        let len = usize::try_from(entry.size()).ok();
        let range = start.zip(len).and_then(|(start, len)| Some(start..start.checked_add(len)?));
        let bytes = range.and_then(|range| self.file.get(range));
        let bytes = bytes.ok_or_else(|| damaged("reaches past the end of the file"))?;
        let left = self.left.checked_sub(bytes.len());
        self.left = left.ok_or_else(|| damaged("shares bytes with other entries"))?;
        match io::copy(&mut entry, &mut io::sink()) {
            Ok(read) if read == bytes.len() as u64 => Ok(Some(bytes)),
            _ => Err(PthError::Checksum { entry: name.into() }),
        }
    }
}
