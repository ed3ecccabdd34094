//! Checkpoints of PyTorch: real ones, small ones, hostile ones.
//!
//! `tests/pth/make.py` has written the small ones with torch; every number of
//! theirs is known. Hostile ones are put together here, instruction by
//! instruction.

use std::fs;
use std::path::{Path, PathBuf};

use typenet::weights::{LoadError, LoadErrorKind, LoadOptions, LoadReport, PthError, Weights};

use crate::measure::measure;
use crate::support::{file, file_of, graph, halves, parts};

fn folder() -> PathBuf {
    // (This file is compiled by `tests/elsewhere` too.)
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().map(|at| at.join("tests/pth")).find(|at| at.is_dir()).unwrap()
}

fn checkpoint(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

pub(crate) fn load(bytes: &[u8]) -> Result<(Weights<f32>, LoadReport), LoadErrorKind> {
    Weights::from_bytes_with(&graph(), bytes, &LoadOptions::new()).map_err(LoadError::into_kind)
}

pub(crate) fn fault(bytes: &[u8]) -> PthError {
    match load(bytes) {
        Err(LoadErrorKind::Pth(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn expected() -> Weights<f32> {
    load(&file_of(&parts(&halves(47)))).unwrap().0
}

#[test]
fn every_form_gives_the_same_weights() {
    let forms =
        ["zip", "legacy", "half", "bfloat", "run", "views", "parameters", "twenty-one-characters"];
    for name in forms.map(|name| format!("{name}.pth")) {
        let (weights, report) = load(&checkpoint(&name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(weights, expected(), "{name}");
        assert_eq!(report.counters, usize::from(name == "run.pth"), "{name}");
        let path = folder().join(&name);
        assert_eq!(Weights::<f32>::load(&graph(), &path).unwrap(), expected(), "{name}");
        #[cfg(feature = "mmap")]
        {
            // SAFETY: nobody writes to the files of the project while tests run.
            let options = unsafe { LoadOptions::new().mapped() };
            let mapped = Weights::<f32>::load_with(&graph(), &path, &options).unwrap();
            assert_eq!(mapped.0, expected(), "{name}");
        }
    }
}

#[test]
fn what_is_no_state_dict_is_refused() {
    assert_eq!(fault(&checkpoint("tensor.pth")), PthError::NoStateDict { found: "one tensor" });
    for (pickle, found) in [
        (&b"\x80\x02]."[..], "a list"),
        (b"\x80\x02).", "a list"),
        (b"\x80\x02N.", "a single value"),
        (b"\x80\x02}U\x01xK\x01s.", "a dictionary without tensors"),
        (b"\x80\x02}U\x01x}U\x01yK\x01ss.", "a dictionary without tensors"),
    ] {
        let error = fault(&legacy(pickle, b"\x80\x02]."));
        assert_eq!(error, PthError::NoStateDict { found }, "{}", pickle.escape_ascii());
    }
    let (module, name) = ("torch.nn.modules.linear".into(), "Linear".into());
    assert_eq!(fault(&checkpoint("model.pth")), PthError::Forbidden { module, name });
    let keys = vec!["model".into(), "ema".into()];
    assert_eq!(fault(&checkpoint("two.pth")), PthError::Several { keys });
}

#[test]
fn every_cut_and_every_changed_byte_is_an_error_or_harmless() {
    for name in ["zip.pth", "legacy.pth", "run.pth"] {
        let sound = checkpoint(name);
        for len in 0..sound.len() {
            assert!(load(&sound[..len]).is_err(), "{name} cut to {len} bytes");
        }
        let mut harmless = 0;
        for at in 0..sound.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut changed = sound.clone();
                changed[at] ^= flip;
                // Never a panic. What loads must be the weights, but for the old
                // form, which has no checksum over its numbers.
                if let Ok((weights, _)) = load(&changed) {
                    harmless += 1;
                    assert!(name == "legacy.pth" || weights == expected(), "{name} byte {at}");
                }
            }
        }
        println!("{name}: {harmless} of {} changes are harmless", 3 * sound.len());
    }
}

/// Where the list at the end of an archive has the entry whose name ends so.
fn listed(file: &[u8], name: &[u8]) -> usize {
    let last = |bytes: &[u8], word: &[u8]| {
        bytes.windows(word.len()).rposition(|window| window == word).unwrap()
    };
    last(&file[..last(file, name)], b"PK\x01\x02")
}

/// An archive of torch's, of whose entry `name` the list has another byte at `at`.
pub(crate) fn archive(name: &str, at: usize, value: u8) -> Vec<u8> {
    let mut file = checkpoint("zip.pth");
    let entry = listed(&file, name.as_bytes());
    file[entry + at] = value;
    file
}

/// The list at the end says how long an entry is twice: as stored, and unpacked.
#[test]
fn an_entry_has_one_length() {
    let sound = checkpoint("zip.pth");
    let entry = listed(&sound, b"/data/0");
    for other in [sound[entry + 24] - 1, sound[entry + 24] + 1] {
        let mut file = sound.clone();
        file[entry + 24] = other;
        assert!(matches!(fault(&file), PthError::Checksum { .. }), "{}", fault(&file));
    }
}

/// Names of entries are the file's, and so are not shown as they are.
#[test]
fn hostile_entries_do_not_reach_the_terminal() {
    let mut file = checkpoint("zip.pth");
    let entry = listed(&file, b"/data.pkl");
    // As long as no file is, both as stored and unpacked.
    file[entry + 20..entry + 28].copy_from_slice(&[0, 0, 0, 0x7f, 0, 0, 0, 0x7f]);
    file[entry + 46] = 0x1b;
    let text = fault(&file).to_string();
    assert!(text.contains("/data.pkl` reaches past the end of the file"), "{text}");
    assert!(!text.contains(char::is_control), "{text:?}");
}

/// A file of the old form around `pickle`, with these storages.
pub(crate) fn legacy(pickle: &[u8], rest: &[u8]) -> Vec<u8> {
    let magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    let machine = b"\x80\x02}X\x0d\0\0\0little_endian\x88s.";
    [magic, &b"\x80\x02M\xe9\x03."[..], machine, pickle, rest].concat()
}

#[test]
fn nothing_is_run() {
    let system = b"\x80\x02cposix\nsystem\nX\x04\0\0\0true\x85R.";
    let error = fault(&legacy(system, b""));
    let (module, name) = ("posix".into(), "system".into());
    assert_eq!(error, PthError::Forbidden { module, name });
    assert!(error.to_string().contains("nothing was run"), "{error}");
    let stacked = b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.";
    assert!(matches!(fault(&legacy(stacked, b"")), PthError::Forbidden { .. }));
    // Nor by a name that is allowed, from a module that is not.
    let other = b"\x80\x02cevil\nFloatStorage\n.";
    assert!(matches!(fault(&legacy(other, b"")), PthError::Forbidden { .. }));
}

#[test]
fn hostile_pickles_are_typed_errors() {
    let cases: [(&str, &[u8]); 16] = [
        ("empty", b""),
        ("stop at once", b"."),
        ("pop of nothing", b"0."),
        ("mark of nothing", b"t."),
        ("value below a mark", b"N(0."),
        ("length past the end", b"X\xff\xff\xff\xffabc."),
        ("length of 2^64 - 1", b"\x8d\xff\xff\xff\xff\xff\xff\xff\xffabc."),
        ("no line end", b"cos"),
        ("memo of nothing", b"h\x05."),
        ("call of a number", b"K\x01)R."),
        ("call with wrong arguments", b"ctorch._utils\n_rebuild_tensor_v2\n)R."),
        ("persistent id of nothing", b"NQ."),
        ("append to a number", b"K\x01K\x02a."),
        ("a name without a value", b"(K\x01d."),
        ("not UTF-8", b"X\x02\0\0\0\xff\xfe."),
        ("unknown instruction", b"\xf0."),
    ];
    for (what, pickle) in cases {
        let error = fault(&legacy(&[b"\x80\x02", pickle].concat(), b""));
        println!("{what}: {error}");
        assert!(matches!(error, PthError::Pickle { .. } | PthError::NoStateDict { .. }), "{what}");
    }
}

#[test]
fn a_list_within_itself_and_deep_nests_end() {
    let itself = b"\x80\x02}q\x00X\x01\0\0\0ah\x00s.";
    assert!(matches!(
        fault(&legacy(itself, b"")),
        PthError::NoStateDict { .. } | PthError::NotATensor { .. } | PthError::Pickle { .. }
    ));
    let deep = ["\u{5d}".repeat(100_000).as_bytes(), b"."].concat();
    assert!(matches!(
        fault(&legacy(&deep, b"")),
        PthError::TooLarge | PthError::NoStateDict { .. }
    ));
    // Fetched a million times, a list is still one list.
    let fetched = [b"\x80\x02]q\x00", &b"h\x00".repeat(1_000_000)[..], b"."].concat();
    assert_eq!(fault(&legacy(&fetched, b"")), PthError::TooLarge);
}

/// What a pickle names many times lies in memory once.
#[test]
fn repetition_costs_no_memory() {
    let refused = |pickle: &[&[u8]], rest: &[u8]| {
        let file = legacy(&pickle.concat(), rest);
        let memory = measure(|| drop(load(&file).unwrap_err()));
        println!("{memory:?} for {} bytes", file.len());
        assert!(memory.peak < 2 * file.len() + (4 << 20), "{memory:?} for {} bytes", file.len());
    };
    // Ten thousand times the same list of ten thousand, as the pairs of a dictionary.
    let (none, again) = (b"N".repeat(10_000), b"h\0".repeat(10_000));
    let list = [b"\x80\x02]q\0(", &none[..], b"e0"].concat();
    refused(&[&list, b"ccollections\nOrderedDict\n](", &again, b"e\x85R."], b"");
    // Five thousand tensors, or dictionaries of tensors, of one name of half a megabyte.
    let name = [b"X\x20\xa1\x07\0", &b"n".repeat(500_000)[..], b"q\0"].concat();
    let tensor = tensor(0, &[1], &[1], 1);
    let rest = [&b"\x80\x02]X\x01\0\0\0ka.\x01\0\0\0\0\0\0\0"[..], &[0; 4]].concat();
    let again = b"h\0h\x01".repeat(5000);
    refused(&[b"\x80\x02}(", &name, &tensor, b"q\x01", &again, b"u."], &rest);
    let dict = [b"}X\x01\0\0\0t", &tensor[..], b"s"].concat();
    refused(&[b"\x80\x02}(", &name, &dict, b"q\x01", &again, b"u."], &rest);
}

/// An archive can claim any number of entries, in a list of any length; `zip` does not
/// believe it.
#[test]
fn an_archive_has_room_for_its_entries() {
    let entries = 1_000_000_u64;
    let start = [&b"PK\x03\x04"[..], &vec![0; 1_000_000]].concat();
    let numbers =
        |numbers: &[u64]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>();
    let list = [&b"PK\x01\x02"[..], &[0; 42]].concat();
    let (from, to) = (start.len() as u64, (start.len() + list.len()) as u64);
    let end64 = [b"PK\x06\x06", &numbers(&[44])[..], &[45, 0, 45, 0], &[0; 8]].concat();
    let end64 = [end64, numbers(&[entries, entries, 46 * entries, from])].concat();
    let locator = [b"PK\x06\x07", &[0; 4], &numbers(&[to])[..], &[1, 0, 0, 0]].concat();
    let end = [&b"PK\x05\x06\0\0\0\0"[..], &[0xff; 12], &[0; 2]].concat();
    let file = [start, list, end64, locator, end].concat();
    let memory = measure(|| assert!(matches!(fault(&file), PthError::Archive { .. })));
    assert!(memory.peak < 4_000_000, "{memory:?} for {} bytes", file.len());
}

/// What builds a tensor in the storage `k` of `len` floats.
pub(crate) fn tensor(offset: u8, shape: &[u8], strides: &[u8], len: u8) -> Vec<u8> {
    let numbers = |sizes: &[u8]| sizes.iter().flat_map(|&n| [b'K', n]).collect::<Vec<u8>>();
    tensor_of(&numbers(&[offset]), &numbers(shape), &numbers(strides), &numbers(&[len]))
}

/// As [`tensor`], of numbers as a pickle has them.
pub(crate) fn tensor_of(offset: &[u8], shape: &[u8], strides: &[u8], len: &[u8]) -> Vec<u8> {
    let id = b"(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0kX\x03\0\0\0cpu";
    let storage = [b"ctorch._utils\n_rebuild_tensor_v2\n(", &id[..], len, b"tQ"].concat();
    [&storage, offset, b"(", shape, b"t(", strides, b"t\x89NtR"].concat()
}

/// A state dict of one tensor `t` in a storage of `len` floats.
fn one_tensor(offset: u8, shape: &[u8], strides: &[u8], len: u8) -> Vec<u8> {
    let tensor = tensor(offset, shape, strides, len);
    let pickle = [b"\x80\x02}X\x01\0\0\0t", &tensor[..], b"s."].concat();
    let storage = [&u64::from(len).to_le_bytes()[..], &vec![0; 4 * usize::from(len)]].concat();
    legacy(&pickle, &[b"\x80\x02]X\x01\0\0\0ka.", &storage[..]].concat())
}

#[test]
fn tensors_lie_within_their_storages() {
    let sound = one_tensor(1, &[2, 3], &[3, 1], 7);
    assert!(matches!(load(&sound), Err(LoadErrorKind::Mismatch(_))));
    for (what, offset, shape, strides) in [
        ("one too far", 2, &[2, 3][..], &[3, 1][..]),
        ("a stride past the end", 0, &[2, 3], &[5, 1]),
        ("an offset past the end", 8, &[1], &[1]),
        ("no stride for a size", 0, &[2, 3], &[1]),
        ("nine sizes", 0, &[1; 9], &[1; 9]),
    ] {
        let error = fault(&one_tensor(offset, shape, strides, 7));
        println!("{what}: {error}");
        assert!(matches!(error, PthError::Tensor { .. }), "{what}");
    }
    // A tensor of 255^8 numbers over one: its shape is another, so none is read.
    let bomb = one_tensor(0, &[255; 8], &[0; 8], 1);
    assert!(matches!(load(&bomb), Err(LoadErrorKind::Mismatch(_) | LoadErrorKind::Pth(_))));
}

/// What a pickle takes off its stack again is not charged.
#[test]
fn a_long_pickle_of_little_is_read() {
    for step in [&b"N0"[..], b"(1", b"(NN1"] {
        let pickle = [b"\x80\x02", &step.repeat(100_000)[..], b"}."].concat();
        let file = legacy(&pickle, b"\x80\x02].");
        let error = load(&file).unwrap_err();
        assert!(matches!(error, LoadErrorKind::Mismatch(_)), "{}: {error}", step.escape_ascii());
    }
}

#[test]
fn the_old_form_is_known_by_its_number() {
    let magic = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    // A header of 128 bytes begins as a pickle does.
    let sound = file_of(&parts(&halves(47)));
    let (header, data) = sound[8..].split_at(usize::from(sound[0]) + 256 * usize::from(sound[1]));
    let header =
        [header, &b" ".repeat((header.len().next_multiple_of(256) + 128) - header.len())].concat();
    let padded = file(&header, data);
    assert_eq!(padded[0], 0x80);
    assert_eq!(load(&padded).unwrap().0, expected());
    // The number alone, not where a pickle starts.
    let alone = [&b"\x82\x02"[..], magic].concat();
    assert!(matches!(load(&alone), Err(LoadErrorKind::Format(_))));
    // Of another version.
    let other = [&b"\x80\x02"[..], magic, b"\x80\x02M\xea\x03."].concat();
    let problem = "another version of the old form than torch ever wrote";
    assert_eq!(fault(&other), PthError::Pickle { at: 0, problem });
}

#[test]
fn a_big_endian_file_is_refused() {
    let machine = b"\x80\x02}X\x0d\0\0\0little_endian\x89s.";
    let mut file = legacy(b"\x80\x02}.", b"\x80\x02].");
    let at = file.windows(4).position(|bytes| bytes == b"n\x88s.").unwrap();
    file[at + 1] = machine[machine.len() - 3];
    assert_eq!(fault(&file), PthError::BigEndian);
}
