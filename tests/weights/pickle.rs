//! The instructions that a state dict is written in, one by one.

use typenet::weights::{DType, LoadError, LoadErrorKind, LoadOptions, Names, PthError, Weights};

use crate::pth::{fault, legacy, load};
use crate::support::linear;

/// A name, and what ends the dictionary that holds it.
const T: &[u8] = b"X\x01\0\0\0t";

/// The class, key, place and length of a storage of 600 numbers.
const STORAGE: &[u8] =
    b"(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0kX\x03\0\0\0cpuM\x58\x02tQ";

/// A tensor of that storage from `offset` on: an instruction that gives a number.
fn tensor(offset: &[u8]) -> Vec<u8> {
    view(offset, b"K\x01K\x02\x86", b"K\x02K\x01\x86")
}

fn view(offset: &[u8], shape: &[u8], strides: &[u8]) -> Vec<u8> {
    [b"ctorch._utils\n_rebuild_tensor_v2\n(", STORAGE, offset, shape, strides, b"\x89NtR"].concat()
}

/// The first two numbers of the tensor `t` in the dictionary that `pickle` gives, in a
/// storage of 0, 1, 2, …
fn read(pickle: &[u8]) -> Result<Vec<f32>, LoadErrorKind> {
    read_as(pickle, 2, 1)
}

fn read_as(pickle: &[u8], inputs: usize, outputs: usize) -> Result<Vec<f32>, LoadErrorKind> {
    let numbers = (0..600_u16).flat_map(|n| f32::from(n).to_le_bytes()).collect::<Vec<u8>>();
    let keys = b"\x80\x02]X\x01\0\0\0ka.";
    let rest = [&keys[..], &600_u64.to_le_bytes(), &numbers].concat();
    let options = LoadOptions::new().names(Names::new().rename("t", "fc.weight"));
    let graph = linear("fc", inputs, outputs);
    Weights::from_bytes_with(&graph, &legacy(pickle, &rest), &options)
        .map(|(weights, _)| weights.get(0).unwrap().to_vec())
        .map_err(LoadError::into_kind)
}

/// A dictionary of the tensor `t`.
fn dict(tensor: &[u8]) -> Vec<u8> {
    [b"\x80\x02}", T, tensor, b"s."].concat()
}

#[test]
fn numbers_are_read_in_every_form() {
    let forms: [(&[u8], u16); 16] = [
        (b"K\xff", 255),
        (b"M\x02\x01", 258),
        (b"J\x02\x01\0\0", 258),
        (b"I258\n", 258),
        (b"L258L\n", 258),
        (b"L258\n", 258),
        (b"\x8a\x02\x02\x01", 258),
        (b"\x8a\x02\xff\0", 255),
        (b"\x8a\0", 0),
        (b"\x8a\x08\x02\x01\0\0\0\0\0\0", 258),
        (b"\x8b\x02\0\0\0\x02\x01", 258),
        (b"I0\n", 0),
        // What is put on the stack and taken off again.
        (b"N0\x880\x890G\0\0\0\0\0\0\0\x000F1.5\n0K\x07", 7),
        (b"(NN1K\x07", 7),
        (b"K\x07}b", 7),
        (b"I01\n0I00\n0]0)0\x8f0U\x01x0C\x01\xff0B\x01\0\0\0\xff0K\x07", 7),
    ];
    for (form, offset) in forms {
        let two = [offset, offset + 1].map(f32::from);
        assert_eq!(read(&dict(&tensor(form))).unwrap(), two, "{}", form.escape_ascii());
    }
    for negative in [&b"J\xff\xff\xff\xff"[..], b"\x8a\x01\xff", b"I-1\n"] {
        let LoadErrorKind::Pth(PthError::Pickle { problem, .. }) =
            read(&dict(&tensor(negative))).unwrap_err()
        else {
            panic!("{}", negative.escape_ascii())
        };
        assert_eq!(problem, "a tensor that begins before its storage");
    }
    // No number, and one that is too long.
    for other in [&b"I01\n"[..], b"\x88", b"\x8a\x09\0\0\0\0\0\0\0\0\0", b"N", b"F1.5\n"] {
        let LoadErrorKind::Pth(PthError::Pickle { problem, .. }) =
            read(&dict(&tensor(other))).unwrap_err()
        else {
            panic!("{}", other.escape_ascii())
        };
        assert_eq!(problem, "a call with other arguments than a state dict has");
    }
}

#[test]
fn a_dictionary_is_read_in_every_form() {
    let x = tensor(b"K\x05");
    let x = x.as_slice();
    let named = |name: &[u8]| [b"}", name, x, b"s"].concat();
    let ordered = b"ccollections\nOrderedDict\n";
    let forms: [Vec<u8>; 29] = [
        [b"}", T, x, b"s"].concat(),
        [b"}(", T, x, b"u"].concat(),
        [b"(", T, x, b"d"].concat(),
        [ordered, &b")R"[..], T, x, b"s"].concat(),
        [ordered, &b")\x81"[..], T, x, b"s"].concat(),
        [ordered, &b"]"[..], T, x, b"\x86a\x85R"].concat(),
        [ordered, &b"](("[..], T, x, b"te\x85R"].concat(),
        [ordered, &b"(("[..], T, x, b"ll\x85R"].concat(),
        [ordered, &b"\x8f(("[..], T, x, b"l\x90\x85R"].concat(),
        named(b"S't'\n"),
        named(b"S\"t\"\n"),
        named(b"St\n"),
        named(b"Vt\n"),
        named(b"U\x01t"),
        named(b"T\x01\0\0\0t"),
        named(b"\x8c\x01t"),
        named(b"\x8d\x01\0\0\0\0\0\0\0t"),
        // Remembered and fetched.
        [b"}", T, x, b"q\x090h\x09s"].concat(),
        [b"}", T, x, b"r\x09\x01\0\x000j\x09\x01\0\0s"].concat(),
        [b"}", T, x, b"p265\n0j\x09\x01\0\0s"].concat(),
        [b"}", T, x, b"q\x090g9\ns"].concat(),
        [b"}\x94", T, x, b"\x940h\x01s"].concat(),
        [&b"Nq\x010}"[..], T, x, b"q\x010h\x01s"].concat(),
        // A class by two texts, and a parameter around its tensor.
        [
            b"}",
            T,
            b"\x8c\x0ctorch._utils\x8c\x12_rebuild_parameter\x93(",
            x,
            b"\x88",
            ordered,
            b")RtR",
            b"s",
        ]
        .concat(),
        [b"}", T, b"ctorch._utils\n_rebuild_parameter\n", x, b"\x85R", b"s"].concat(),
        // In frames, with more values below.
        [b"\x95\0\0\0\0\0\0\0\0}", T, x, b"s"].concat(),
        [b"N}", T, x, b"s"].concat(),
        // Among other entries.
        [b"}X\x05\0\0\0epochK\x01sX\x05\0\0\0model}", T, x, b"ss"].concat(),
        [b"}(X\x05\0\0\0model}", T, x, b"sX\x05\0\0\0optim}u"].concat(),
    ];
    for pickle in forms {
        let said = pickle.escape_ascii();
        let whole = [b"\x80\x02", &pickle[..], b"."].concat();
        let two = read(&whole).unwrap_or_else(|error| panic!("{said}: {error}"));
        assert_eq!(two, [5.0, 6.0], "{said}");
    }
}

#[test]
fn views_are_read_in_their_order() {
    let cases: [(&[u8], [u16; 6]); 6] = [
        (b"K\x03K\x01\x86", [4, 5, 6, 7, 8, 9]),
        (b"K\x01K\x02\x86", [4, 6, 8, 5, 7, 9]),
        (b"K\x04K\x01\x86", [4, 5, 6, 8, 9, 10]),
        (b"K\x00K\x01\x86", [4, 5, 6, 4, 5, 6]),
        (b"K\x03K\x00\x86", [4, 4, 4, 7, 7, 7]),
        (b"K\x64K\x0a\x86", [4, 14, 24, 104, 114, 124]),
    ];
    for (strides, numbers) in cases {
        let pickle = dict(&view(b"K\x04", b"K\x02K\x03\x86", strides));
        let said = strides.escape_ascii();
        assert_eq!(read_as(&pickle, 3, 2).unwrap(), numbers.map(f32::from), "{said}");
    }
    // The stride of a single number is never used.
    let pickle = dict(&view(b"K\x04", b"K\x01K\x03\x86", b"M\xe7\x03K\x01\x86"));
    assert_eq!(read_as(&pickle, 3, 1).unwrap(), [4.0, 5.0, 6.0]);
}

/// The classes of storages, and the type that a tensor of theirs has.
#[test]
fn every_class_has_its_type() {
    let classes = [
        ("torch\nFloatStorage", DType::F32),
        ("torch\nDoubleStorage", DType::F64),
        ("torch\nHalfStorage", DType::F16),
        ("torch\nBFloat16Storage", DType::BF16),
        ("torch\nLongStorage", DType::I64),
        ("torch\nIntStorage", DType::I32),
        ("torch\nShortStorage", DType::I16),
        ("torch\nCharStorage", DType::I8),
        ("torch\nByteStorage", DType::U8),
        ("torch\nBoolStorage", DType::Bool),
        ("torch.storage\nUntypedStorage", DType::U8),
    ];
    for (class, dtype) in classes {
        let id = format!("(X\x07\0\0\0storagec{class}\nX\x01\0\0\0kX\x03\0\0\0cpuK\x02tQ");
        let head = b"ctorch._utils\n_rebuild_tensor_v2\n(";
        let tail = b"K\0ctorch\nSize\nK\x01K\x02\x86\x85RK\x02K\x01\x86\x89NtR";
        let pickle = dict(&[head, id.as_bytes(), tail].concat());
        let storage = vec![0; 2 * dtype.bits() as usize / 8];
        let rest = [&b"\x80\x02]X\x01\0\0\0ka."[..], &2_u64.to_le_bytes(), &storage].concat();
        let options = LoadOptions::new().names(Names::new().rename("t", "fc.weight"));
        let file = legacy(&pickle, &rest);
        let found = match Weights::<f32>::from_bytes_with(&linear("fc", 2, 1), &file, &options) {
            Ok((_, report)) => report.loaded[0].dtype,
            Err(error) => match error.into_kind() {
                LoadErrorKind::Mismatch(mismatch) => mismatch.wrong_dtype[0].found,
                other => panic!("{class}: {other}"),
            },
        };
        assert_eq!(found, dtype, "{class}");
    }
}

/// What a pickle builds is charged against the bytes of its file and a megabyte.
#[test]
fn all_that_is_built_is_charged() {
    // A value counts twice, for the growth of vectors.
    const VALUE: usize = 2 * 3 * size_of::<usize>();
    let id = &STORAGE[..STORAGE.len() - 1];
    let id = [id, b"q\0"].concat();
    let call = [b"ctorch._utils\n_rebuild_tensor_v2\nq\0(", STORAGE, b"K\0))tq\x01"].concat();
    // What comes first, what is repeated, and the values that each time takes.
    let cases: [(&[u8], &[u8], usize); 11] = [
        (b"", b"N", 1),
        (b"", b"(", 1),
        (b"", b"]0", 2),
        (b"", b"N\x850", 3),
        (b"", b"(NNt0", 4),
        (b"]", b"Na", 1),
        (b"]", b"(NNe", 2),
        (b"N", b"q\x07", 2),
        (&id, b"h\0Q0", 2),
        (&call, b"h\0h\x01R0", 2),
        (b"ccollections\nOrderedDict\nq\0", b"h\0)R0", 4),
    ];
    for (first, again, values) in cases {
        let most = (1 << 20) / (values * VALUE - again.len());
        for (times, fits) in [(most * 9 / 10, true), (most * 11 / 10, false)] {
            let pickle = [b"\x80\x02", first, &again.repeat(times), b"}."].concat();
            let error = load(&legacy(&pickle, b"\x80\x02].")).unwrap_err();
            let too_large = matches!(error, LoadErrorKind::Pth(PthError::TooLarge));
            let said = again.escape_ascii();
            assert_eq!(too_large, !fits, "{times} times {said}: {error}");
        }
    }
}

/// Where a pickle is broken, and what the problem is.
#[test]
fn every_fault_has_its_place() {
    let cases: &[(&[u8], usize, &str)] = &[
        (b"", 0, "it ends here, unfinished"),
        (b"N", 0, "it ends here, unfinished"),
        (b"X\x05\0\0\0abc", 7, "it ends here, unfinished"),
        (b"\x8d\xff\xff\xff\xff\xff\xff\xff\xffa", 9, "it ends here, unfinished"),
        (b"NNI12", 2, "a line does not end"),
        (b"N\xf0", 1, "an instruction that no state dict needs"),
        (b"N00", 2, "the stack is empty"),
        (b".", 0, "the stack is empty"),
        (b"q\0", 1, "the stack is empty"),
        (b"Na", 1, "the stack is empty"),
        (b"N(0", 2, "a value is missing before a mark"),
        (b"N(a", 2, "a value is missing before a mark"),
        (b"Nt", 1, "there is no mark"),
        (b"N(1t", 3, "there is no mark"),
        (b"U\x01\xff", 2, "a text is not UTF-8"),
        (b"I1x\n", 3, "a number is none, or too large"),
        (b"I9223372036854775808\n", 20, "a number is none, or too large"),
        (b"S'a\\n'\n", 6, "a text with escapes"),
        (b"(NNNd", 4, "a name without a value"),
        (b"}(NNNu", 5, "nothing that can be added to"),
        (b"}Na", 2, "nothing that can be added to"),
        (b"](NNu", 4, "nothing that can be added to"),
        (b"]NNs", 3, "nothing that can be added to"),
        (b")Na", 2, "nothing that can be added to"),
        (b"Npx\n", 3, "a place in the memo is no number"),
        (b"Nq\x01h\x02", 4, "nothing was remembered here"),
        (b"Nq\x01j\x01\x01\0\0", 7, "nothing was remembered here"),
        (b"N\x8c\x01a\x93", 4, "a class without a name"),
        (b"\x8c\x01aN\x93", 4, "a class without a name"),
        (b"NQ", 1, "a storage that can't be understood"),
        (b"N)R", 2, "a call of something that is no function"),
        (b"}NNNNtQ", 5, "there is no mark"),
        (
            b"ccollections\nOrderedDict\nNN\x86R",
            28,
            "a call with other arguments than a state dict has",
        ),
        (
            b"ccollections\nOrderedDict\n)N\x86\x85R",
            29,
            "a dictionary of something else than pairs",
        ),
        (b"ctorch\nSize\n]\x85R", 14, "a call with other arguments than a state dict has"),
        (
            b"ctorch._utils\n_rebuild_parameter\nN\x85R",
            35,
            "a call with other arguments than a state dict has",
        ),
        (
            b"ctorch._utils\n_rebuild_tensor_v2\n)R",
            34,
            "a call with other arguments than a state dict has",
        ),
    ];
    for &(pickle, at, problem) in cases {
        let error = fault(&legacy(pickle, b""));
        assert_eq!(error, PthError::Pickle { at, problem }, "{}", pickle.escape_ascii());
    }
}
