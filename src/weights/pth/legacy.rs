//! The form that torch wrote before 1.6: pickles one after the other (a magic
//! number, a version, facts about the machine, the checkpoint, the keys of its
//! storages), then each storage: its length and its numbers.

use alloc::collections::BTreeMap;

use super::pickle::{Heap, Value, run};
use super::{Pth, PthError, Storages};

/// The magic number, little-endian, as its pickle has it.
const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(super::START)).unwrap_or_default();
    start.first() == Some(&0x80) && start.windows(MAGIC.len()).any(|window| window == MAGIC)
}

pub(super) fn parse(file: &[u8]) -> Result<Pth<'_>, PthError> {
    let wrong = |problem| PthError::Pickle { at: 0, problem };
    let (magic, _, rest) = run(file, file.len())?;
    let (version, _, rest) = run(rest, file.len())?;
    if magic != Value::Long(&MAGIC) || version != Value::Int(1001) {
        return Err(wrong("another version of the old form than torch ever wrote"));
    }
    let (machine, heap, rest) = run(rest, file.len())?;
    if !is_little_endian(machine, &heap) {
        return Err(PthError::BigEndian);
    }
    let (root, heap, rest) = run(rest, file.len())?;
    let (keys, key_heap, mut rest) = run(rest, file.len())?;
    let Value::List(keys) = keys else {
        return Err(wrong("the list of storages is missing"));
    };
    let described = heap.storages.iter().map(|storage| (storage.key, storage.dtype));
    let described: BTreeMap<_, _> = described.collect();
    let mut storages = Storages::new();
    for key in &key_heap.lists[keys] {
        let Value::Text(key) = key else {
            return Err(wrong("a storage without a key"));
        };
        let storage = |problem| PthError::Storage { key: (*key).into(), problem };
        let dtype = described.get(key).ok_or_else(|| storage("has no type: no tensor is in it"))?;
        let size = dtype.bits() as usize / 8;
        let cut_short = || storage("reaches past the end of the file");
        let (len, numbers) = rest.split_first_chunk().ok_or_else(cut_short)?;
        let bytes = usize::try_from(u64::from_le_bytes(*len)).ok();
        let bytes = bytes.and_then(|len| len.checked_mul(size)).ok_or_else(cut_short)?;
        let (numbers, after) = numbers.split_at_checked(bytes).ok_or_else(cut_short)?;
        storages.insert(*key, numbers);
        rest = after;
    }
    if !rest.is_empty() {
        return Err(wrong("bytes follow the last storage"));
    }
    Pth::new(root, &heap, &storages)
}

fn is_little_endian(machine: Value<'_>, heap: &Heap<'_>) -> bool {
    let Value::Dict(dict) = machine else { return false };
    let mut entries = heap.lists[dict].as_chunks().0.iter();
    entries.any(|entry| *entry == [Value::Text("little_endian"), Value::Bool(true)])
}
