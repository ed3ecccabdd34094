//! Files that are no safetensors files, fault by fault.

use std::time::{Duration, Instant};

use typenet::weights::{DType, FormatError, SafeTensors, TensorShape, Weights};

use crate::support::{file, file_of, graph, halves, parts};

fn fault(bytes: &[u8]) -> FormatError {
    let error = SafeTensors::parse(bytes).map(|_| ()).unwrap_err();
    let text = error.to_string();
    assert!(!text.is_empty() && text.len() < 1000, "{text}");
    assert!(!text.contains(char::is_control), "{text:?}");
    error
}

/// The fault of a file with this header and as many zero bytes of data.
fn header_fault(header: &str, data: usize) -> FormatError {
    fault(&file(header.as_bytes(), &vec![0; data]))
}

/// The problem of a file whose header is broken, and the byte where that shows.
fn problem(header: &str) -> (u64, &'static str) {
    match header_fault(header, 4) {
        FormatError::Json { at, problem, .. } => (at, problem),
        other => panic!("{other:?} for {header}"),
    }
}

/// An entry of a tensor of four bytes, with one of its parts replaced.
fn entry(from: &str, to: &str) -> String {
    let sound = r#"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#;
    assert!(SafeTensors::parse(&file(sound.as_bytes(), &[0; 4])).is_ok());
    assert!(sound.contains(from));
    sound.replace(from, to)
}

#[test]
fn a_file_has_at_least_the_length_of_its_header() {
    assert_eq!(fault(b""), FormatError::TooShort { len: 0 });
    assert_eq!(fault(&[0; 7]), FormatError::TooShort { len: 7 });
}

#[test]
fn the_header_lies_within_the_file() {
    let with = |len: u64| fault(&[&len.to_le_bytes()[..], b"{}"].concat());
    assert!(matches!(with(0), FormatError::Json { at: 8, .. }));
    assert!(matches!(with(1), FormatError::Json { at: 9, .. }));
    assert_eq!(with(3), FormatError::HeaderPastEnd { claimed: 3, available: 2 });
    for claimed in [100_000_001, u64::MAX, u64::MAX - 7, u64::MAX - 8, 1 << 63] {
        assert_eq!(with(claimed), FormatError::HeaderTooLong { claimed });
    }
}

#[test]
fn other_formats_are_recognised() {
    for (start, word) in [
        (&b"PK\x03\x04\x14\0\0\0\x08\0"[..], "zip archive"),
        (b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j", "pickle"),
        (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
        (b"<!DOCTYPE html>", "web page"),
        (b"\x89HDF\r\n\x1a\n\0\0", "HDF5"),
    ] {
        let error = fault(start);
        assert!(matches!(error, FormatError::OtherFormat { .. }), "{error:?}");
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn every_truncation_is_an_error() {
    let whole = file_of(&parts(&halves(47)));
    assert!(Weights::<f32>::from_safetensors(&graph(), &whole).is_ok());
    for len in 0..whole.len() {
        fault(&whole[..len]);
        assert!(Weights::<f32>::from_safetensors(&graph(), &whole[..len]).is_err(), "{len}");
    }
}

#[test]
fn every_flipped_bit_is_survived() {
    let whole = file_of(&parts(&halves(47)));
    let mut changed = whole.clone();
    for (index, bit) in (0..whole.len()).flat_map(|index| (0..8).map(move |bit| (index, bit))) {
        changed[index] ^= 1 << bit;
        if let Err(error) = Weights::<f32>::from_safetensors(&graph(), &changed) {
            assert!(!error.to_string().is_empty());
        }
        changed[index] = whole[index];
    }
}

/// A tiny generator for mutations: an index below `n`.
fn below(state: &mut u64, n: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap() % n
}

#[test]
fn what_is_accepted_is_json_and_means_the_same() {
    let sound = concat!(
        r#"{"__metadata__":{"a":"b"},"x":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]},"#,
        r#""\u0079\n":{"shape":[],"data_offsets":[2,4],"dtype":"F16"}}  "#
    );
    let tokens = ["{", "}", "[", "]", ",", ":", "\"", "0", "1", "2", "-", "e", ".", " ", "\\", "x"];
    let (mut state, mut accepted) = (1, 0);
    for _ in 0..30_000 {
        let mut header = sound.to_string();
        for _ in 0..=below(&mut state, 3) {
            let at = below(&mut state, header.len());
            let end = (at + below(&mut state, 3)).min(header.len());
            header.replace_range(at..end, tokens[below(&mut state, tokens.len())]);
        }
        let bytes = file(header.as_bytes(), &[0; 4]);
        let Ok(tensors) = SafeTensors::parse(&bytes) else { continue };
        accepted += 1;
        let json: serde_json::Value = serde_json::from_str(&header).unwrap();
        let members = json.as_object().unwrap().keys().filter(|name| *name != "__metadata__");
        assert_eq!(members.count(), tensors.len(), "{header}");
        for tensor in tensors.iter() {
            let entry = &json[tensor.name()];
            assert_eq!(entry["dtype"], tensor.dtype().name(), "{header}");
            assert_eq!(entry["shape"], serde_json::json!(tensor.shape()), "{header}");
            assert_eq!(entry.as_object().unwrap().len(), 3, "{header}");
        }
    }
    assert!(accepted > 500, "{accepted}");
}

#[test]
fn trailing_bytes_are_an_error() {
    let mut bytes = file_of(&parts(&halves(47)));
    bytes.push(0);
    assert_eq!(fault(&bytes), FormatError::Trailing { bytes: 1 });
    assert_eq!(header_fault("{}", 3), FormatError::Trailing { bytes: 3 });
}

#[test]
fn the_header_is_utf8_and_starts_with_its_brace() {
    assert_eq!(fault(&file(b"{\"a\xff\":1}", b"")), FormatError::Encoding { at: 11 });
    assert_eq!(fault(&file(b"{\"\xed\xa0\x80\":1}", b"")), FormatError::Encoding { at: 10 });
    assert_eq!(problem("\u{feff}{}"), (8, "expected `{`, not a byte order mark"));
    assert_eq!(problem(" {}"), (8, "expected `{`, not white space"));
    assert_eq!(problem("[]"), (8, "expected `{`"));
    assert_eq!(problem("{}\0"), (10, "only spaces may follow the last `}`"));
    assert_eq!(problem("{} {}"), (11, "only spaces may follow the last `}`"));
    assert_eq!(problem("{}\n").0, 10);
    assert!(SafeTensors::parse(&file(b"{}      ", b"")).is_ok());
    assert!(SafeTensors::parse(&file(b"{ \n\t\r}", b"")).is_ok());
}

#[test]
fn json_is_read_strictly() {
    for (header, what) in [
        ("{", "expected a string in double quotes"),
        ("{'x':1}", "expected a string in double quotes"),
        (r#"{"x"}"#, "expected `:` after a name"),
        (r#"{"x":1}"#, "expected `{`"),
        (r#"{"x":null}"#, "expected `{`"),
        (r#"{"x":[]}"#, "expected `{`"),
        (r#"{"x"#, "a string does not end"),
        ("{\"x\n\":1}", "a control character in a string must be escaped"),
        (r#"{"\x":1}"#, "an unknown escape in a string"),
        (r#"{"\u12":1}"#, "expected four hexadecimal digits"),
        (r#"{"\u+123":1}"#, "expected four hexadecimal digits"),
        (&entry("4]}}", "4]},}"), "expected a string in double quotes"),
        (&entry("4]}}", "4],}}"), "expected a string in double quotes"),
        (&entry("[4]", "[4,]"), "expected a number"),
        (&entry("[4]", "[4"), "expected a number, not a string"),
        (&entry("[4]", "[4 4]"), "expected `,` or `]`"),
        (&entry("4]}}", "4]"), "expected `,` or `}`"),
        (&entry(r#""U8""#, "8"), "expected a string in double quotes"),
    ] {
        assert_eq!(problem(header).1, what, "{header}");
    }
}

#[test]
fn half_a_surrogate_pair_is_no_character() {
    for escape in ["\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud800\\n", "\\ud800\\u0041"] {
        let (_, what) = problem(&entry("x", escape));
        assert_eq!(what, "half of a surrogate pair in a string", "{escape}");
    }
    let bytes = file(entry("x", "\\ud83e\\udd80\\u00e9\\t").as_bytes(), &[0; 4]);
    let tensors = SafeTensors::parse(&bytes).unwrap();
    assert!(tensors.get("🦀é\t").is_some());
}

#[test]
fn each_escaped_name_is_its_own() {
    let entry =
        |name: &str| format!(r#""{name}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#);
    let names = ["\\\"a\\\\", "b", "\\b\\f\\n\\r\\t", "\\/c\\u0041d"].map(entry).join(",");
    let bytes = file(format!("{{{names}}}").as_bytes(), b"");
    let tensors = SafeTensors::parse(&bytes).unwrap();
    let read: Vec<&str> = tensors.iter().map(|tensor| tensor.name()).collect();
    assert_eq!(read, ["\"a\\", "b", "\u{8}\u{c}\n\r\t", "/cAd"]);
}

#[test]
fn sizes_and_offsets_are_whole_numbers() {
    for (number, what) in [
        ("-4", "a number must not be negative"),
        ("4.0", "a number must be written without point or exponent"),
        ("1e3", "a number must be written without point or exponent"),
        ("4E0", "a number must be written without point or exponent"),
        ("\"3\"", "expected a number, not a string"),
        ("04", "a number must not start with 0"),
        ("00", "a number must not start with 0"),
        ("+4", "expected a number"),
        ("null", "expected a number"),
        ("[4]", "expected a number"),
        ("0x4", "expected `,` or `]`"),
        ("4-1", "expected `,` or `]`"),
        ("4\"3\"", "expected `,` or `]`"),
        ("18446744073709551616", "a number past 2^64 - 1"),
        ("99999999999999999999999999", "a number past 2^64 - 1"),
    ] {
        assert_eq!(problem(&entry("[4]", &format!("[{number}]"))).1, what, "{number}");
        assert_eq!(problem(&entry(",4]", &format!(",{number}]"))).1, what, "{number}");
    }
}

#[test]
fn an_entry_has_its_three_fields_once() {
    for (field, what) in
        [(r#""dtype":"U8","#, "`dtype` is missing"), (r#""shape":[4],"#, "`shape` is missing")]
    {
        assert_eq!(problem(&entry(field, "")).1, what);
        let twice = entry(field, &field.repeat(2));
        assert_eq!(problem(&twice).1, "the field before this comes twice");
    }
    assert_eq!(problem(&entry(r#","data_offsets":[0,4]"#, "")).1, "`data_offsets` is missing");
    assert_eq!(problem(&entry("[0,4]", "[4]")).1, "fewer than two offsets");
    assert_eq!(problem(&entry("[0,4]", "[]")).1, "fewer than two offsets");
    assert_eq!(problem(&entry("[0,4]", "[0,4,4]")).1, "more than two offsets");
    let unknown = header_fault(&entry(r#""shape""#, r#""strides":[1],"shape""#), 4);
    assert_eq!(unknown, FormatError::UnknownField { tensor: "x".into(), field: "strides".into() });
    let unknown = header_fault(&entry("U8", "FLOAT"), 4);
    assert_eq!(unknown, FormatError::UnknownDType { tensor: "x".into(), dtype: "FLOAT".into() });
}

#[test]
fn errors_in_an_entry_name_the_tensor() {
    let error = header_fault(&entry("[4]", "[-4]"), 4);
    let text = "the header is broken at byte 36, in the entry of `x`: \
                a number must not be negative";
    assert_eq!(error.to_string(), text);
}

#[test]
fn shapes_multiply_out_to_their_bytes() {
    let too_large = FormatError::TooLarge { tensor: "x".into() };
    let max = usize::MAX;
    for shape in [
        format!("[{max},{max}]"),
        format!("[0,{max},{max},{max}]"),
        format!("[{max},0,{max},{max}]"),
        // 2⁶⁴ wraps to nothing; the second fits in numbers, not in bits.
        "[65536,65536,65536,65536]".into(),
        "[4294967295,4294967295]".into(),
    ] {
        let header = entry("[4]", &shape).replace("U8", "F32");
        assert_eq!(header_fault(&header, 4), too_large, "{shape}");
    }
    for shape in ["[]", "[3]", "[5]", "[2,1]", "[0]", "[4,0]", "[4,2]"] {
        let error = header_fault(&entry("[4]", shape), 4);
        assert!(matches!(error, FormatError::ByteLength { found: 4, .. }), "{error:?}");
    }
    let odd = header_fault(&entry("U8", "F4").replace("[4]", "[7]"), 4);
    assert!(odd.to_string().contains("28 bits"), "{odd}");
}

#[test]
fn ranks_go_from_none_to_eight() {
    let scalar = file_of(&[("x", "F32", &[], &1.5_f32.to_le_bytes())]);
    let tensors = SafeTensors::parse(&scalar).unwrap();
    let x = tensors.get("x").unwrap();
    assert_eq!((x.shape(), x.to_f32().unwrap()), (&[][..], vec![1.5]));

    let eight = file_of(&[("x", "U8", &[1, 1, 1, 2, 1, 1, 2, 1], &[0; 4])]);
    assert_eq!(SafeTensors::parse(&eight).unwrap().get("x").unwrap().shape().len(), 8);
    for rank in [9, 100_000] {
        let ones = format!("[{}4]", "1,".repeat(rank - 1));
        assert_eq!(problem(&entry("[4]", &ones)).1, "a shape has more than 8 sizes");
    }
}

/// The fault of U8 tensors at these places in 8 bytes of data.
fn cover(places: &[(u64, u64)]) -> Option<FormatError> {
    let entries: Vec<String> = places
        .iter()
        .enumerate()
        .map(|(i, &(begin, end))| {
            let len = end.saturating_sub(begin).min(usize::MAX as u64);
            let fields = format!(r#""shape":[{len}],"data_offsets":[{begin},{end}]"#);
            format!(r#""t{i}":{{"dtype":"U8",{fields}}}"#)
        })
        .collect();
    let bytes = file(format!("{{{}}}", entries.join(",")).as_bytes(), &[0; 8]);
    SafeTensors::parse(&bytes).err()
}

#[test]
fn tensors_cover_the_data_without_hole_or_overlap() {
    let t = |index: usize| format!("t{index}");
    let overlap = |a, b| Some(FormatError::Overlap { tensor: t(a), other: t(b) });
    let hole = |a, bytes| Some(FormatError::Hole { tensor: t(a), bytes });
    let out = |begin, end| Some(FormatError::Offsets { tensor: t(0), begin, end, available: 8 });
    assert_eq!(cover(&[(0, 8)]), None);
    assert_eq!(cover(&[(3, 8), (0, 3)]), None);
    assert_eq!(cover(&[(0, 0), (0, 8), (8, 8)]), None);
    assert_eq!(cover(&[(0, 3), (3, 3), (3, 8)]), None);
    assert_eq!(cover(&[(0, 5), (3, 8)]), overlap(0, 1));
    assert_eq!(cover(&[(0, 8), (0, 8)]), overlap(0, 1));
    assert_eq!(cover(&[(0, 8), (3, 3)]), overlap(0, 1));
    assert_eq!(cover(&[(0, 3), (5, 8)]), hole(1, 2));
    assert_eq!(cover(&[(1, 8)]), hole(0, 1));
    assert_eq!(cover(&[(0, 7)]), Some(FormatError::Trailing { bytes: 1 }));
    assert_eq!(cover(&[]), Some(FormatError::Trailing { bytes: 8 }));
    assert_eq!(cover(&[(0, 9)]), out(0, 9));
    assert_eq!(cover(&[(9, 9)]), out(9, 9));
    assert_eq!(cover(&[(8, 0)]), out(8, 0));
    assert_eq!(cover(&[(0, u64::MAX)]), out(0, u64::MAX));
    assert_eq!(cover(&[(u64::MAX, 0)]), out(u64::MAX, 0));
}

#[test]
fn names_come_once() {
    let x = r#""x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#;
    let duplicate = FormatError::DuplicateName { name: "x".into() };
    let escaped = x.replace("\"x\"", "\"\\u0078\"");
    for (other, data) in [
        (x.to_string(), 4),
        (x.replace("0,4", "4,8"), 8),
        (x.replace("[4]", "[2,2]"), 4),
        (x.replace("[4]", "[0]").replace("0,4", "0,0"), 4),
        (escaped.replace("0,4", "4,8"), 8),
    ] {
        assert_eq!(header_fault(&format!("{{{x},{other}}}"), data), duplicate);
        assert_eq!(header_fault(&format!("{{{other},{x}}}"), data), duplicate);
    }
}

#[test]
fn metadata_is_an_object_of_strings() {
    let with = |metadata: &str| format!(r#"{{"__metadata__":{metadata}}}"#);
    for sound in ["{}", r#"{"format":"pt"}"#, r#"{"a":"1","b":"\u0000"}"#] {
        assert!(SafeTensors::parse(&file(with(sound).as_bytes(), b"")).is_ok(), "{sound}");
    }
    for broken in ["null", "[]", "\"pt\"", r#"{"a":1}"#, r#"{"a":{}}"#, r#"{"a":null}"#] {
        assert!(matches!(header_fault(&with(broken), 0), FormatError::Json { .. }), "{broken}");
    }
    assert_eq!(problem(&with(r#"{"a":"","a":""}"#)).1, "a name comes twice in this object");
    assert_eq!(problem(r#"{"__metadata__":{},"__metadata__":{}}"#).1, "`__metadata__` comes twice");
    let as_tensor = entry("x", "__metadata__");
    assert_eq!(problem(&as_tensor).1, "expected a string in double quotes");
}

#[test]
fn hostile_names_are_escaped_and_cut() {
    let name = "a\\u0000\\u001b[31m\\u202e`\\\"\\n".to_string() + &"b".repeat(100_000);
    let text = header_fault(&entry("x", &name).replace("[4]", "[5]"), 4).to_string();
    assert!(text.starts_with(r#"`a\0\u{1b}[31m\u{202e}\u{60}"\nbbb"#), "{text}");
    assert!(text.contains("…` (100013 bytes long)"), "{text}");
    assert!(text.len() < 300);

    // Such names are sound, and lead to their tensors.
    let bytes = file(entry("x", &name).as_bytes(), &[0; 4]);
    let tensors = SafeTensors::parse(&bytes).unwrap();
    let full = "a\0\u{1b}[31m\u{202e}`\"\n".to_string() + &"b".repeat(100_000);
    assert_eq!(tensors.get(&full).map(|x| x.name() == full), Some(true));
}

#[test]
fn nesting_however_deep_is_refused_at_once() {
    let deep = 10_000_000;
    for open in ["[", "{\"a\":", "[["] {
        for start in ["", "{\"x\":", "{\"__metadata__\":", "{\"x\":{\"shape\":"] {
            let error = header_fault(&(start.to_string() + &open.repeat(deep / open.len())), 0);
            assert!(
                matches!(
                    error,
                    FormatError::Json { at: ..100, .. } | FormatError::UnknownField { .. }
                ),
                "{error:?}"
            );
        }
    }
}

#[test]
fn a_million_tensors_take_seconds() {
    let emulated = std::env::var_os("TYPENET_EMULATED").is_some();
    let count: u32 = if emulated { 100_000 } else { 1_000_000 };
    let entries: Vec<String> = (0..count)
        .map(|i| {
            // Backwards in name and data, so that both have to be sorted.
            let (name, begin) = (i.reverse_bits(), count - 1 - i);
            let offsets = format!("[{begin},{}]", begin + 1);
            format!(r#""{name:08x}":{{"dtype":"U8","shape":[],"data_offsets":{offsets}}}"#)
        })
        .collect();
    let bytes = file(format!("{{{}}}", entries.join(",")).as_bytes(), &vec![1; count as usize]);
    let start = Instant::now();
    let tensors = SafeTensors::parse(&bytes).unwrap();
    assert_eq!(tensors.len(), count as usize);
    let sum: usize = tensors.iter().map(|tensor| tensor.bytes().len()).sum();
    assert_eq!(sum, count as usize);
    let error = Weights::<f32>::from_safetensors(&graph(), &bytes).unwrap_err();
    assert!(error.to_string().contains(&format!("and {} more", count - 8)));
    let took = start.elapsed();
    println!("{count} tensors: {took:?}");
    assert!(took < Duration::from_mins(1), "{took:?}");
}

#[test]
fn data_may_lie_unaligned() {
    // 0 to 7 spaces behind the header bring the data to every alignment.
    let sound = file_of(&parts(&halves(47)));
    let header_len = usize::from(sound[0]) + usize::from(sound[1]) * 256;
    let (header, data) = sound[8..].split_at(header_len);
    let loaded = Weights::<f32>::from_safetensors(&graph(), &sound).unwrap();
    for spaces in 0..8 {
        let bytes = file(&[header, &b"        "[..spaces]].concat(), data);
        assert_eq!(Weights::from_safetensors(&graph(), &bytes).unwrap(), loaded);
    }
}

#[test]
fn every_type_is_read_as_bytes() {
    for (dtype, len) in [("BOOL", 2), ("F4", 1), ("F8_E5M2", 2), ("I16", 4), ("C64", 16)] {
        let bytes = file_of(&[("x", dtype, &[2], &vec![7; len])]);
        let tensors = SafeTensors::parse(&bytes).unwrap();
        let x = tensors.get("x").unwrap();
        assert_eq!((x.dtype().name(), x.bytes().len()), (dtype, len));
        assert!(x.to_f64().is_err());
    }
}

#[test]
fn numbers_are_read_exactly() {
    let bytes = file_of(&[
        ("double", "F64", &[2], &[1e300_f64.to_le_bytes(), (-0.0_f64).to_le_bytes()].concat()),
        ("half", "F16", &[3], &[0x01, 0x00, 0xff, 0x7b, 0x00, 0xbc]),
        ("brain", "BF16", &[2], &[0x01, 0x00, 0x80, 0xff]),
        ("byte", "U8", &[2], &[0, 255]),
    ]);
    let tensors = SafeTensors::parse(&bytes).unwrap();
    let get = |name| tensors.get(name).unwrap();
    assert_eq!(get("double").to_f64().unwrap()[0].to_bits(), 1e300_f64.to_bits());
    assert!(get("double").to_f64().unwrap()[1].is_sign_negative());
    assert_eq!(get("double").to_f32().unwrap_err().found, DType::F64);
    assert_eq!(get("half").to_f64().unwrap(), [2_f64.powi(-24), 65504.0, -1.0]);
    assert_eq!(get("brain").to_f32().unwrap(), [f32::from_bits(0x1_0000), f32::NEG_INFINITY]);
    assert_eq!(get("byte").to_f32().unwrap(), [0.0, 255.0]);
}

/// What each error says; for lack of memory there is no file that shows it.
#[test]
fn errors_are_sentences() {
    let tensor = || "x".to_string();
    let offsets = |begin, end| FormatError::Offsets { tensor: tensor(), begin, end, available: 4 };
    let cases = [
        (FormatError::TooShort { len: 0 }, "the file is empty"),
        (
            FormatError::TooShort { len: 5 },
            "the file is 5 bytes long, but the length of its header takes 8",
        ),
        (
            FormatError::OtherFormat { looks_like: "a GGUF file" },
            "not a safetensors file: it looks like a GGUF file",
        ),
        (
            FormatError::HeaderPastEnd { claimed: 9, available: 4 },
            "the header is said to be 9 bytes long, but only 4 follow: the file is cut short, \
             or it is not a safetensors file",
        ),
        (
            FormatError::HeaderTooLong { claimed: 200_000_000 },
            "the header is said to be 200000000 bytes long, but 100000000 is the most that the \
             format allows: this is not a safetensors file",
        ),
        (FormatError::Encoding { at: 9 }, "the header is not UTF-8 at byte 9"),
        (
            FormatError::Json { at: 9, problem: "expected `{`", tensor: None },
            "the header is broken at byte 9: expected `{`",
        ),
        (
            FormatError::Json { at: 9, problem: "expected `{`", tensor: Some(tensor()) },
            "the header is broken at byte 9, in the entry of `x`: expected `{`",
        ),
        (FormatError::DuplicateName { name: tensor() }, "two tensors are called `x`"),
        (
            FormatError::UnknownField { tensor: tensor(), field: "y".into() },
            "`x` has an unknown field `y`",
        ),
        (
            FormatError::UnknownDType { tensor: tensor(), dtype: "Q4".into() },
            "`x` has the unknown number type `Q4`",
        ),
        (
            FormatError::TooLarge { tensor: tensor() },
            "the shape of `x` is too large for any memory",
        ),
        (
            FormatError::ByteLength { tensor: tensor(), needed_bits: 16, found: 4 },
            "`x` has 4 bytes, but its shape and type take 2",
        ),
        (
            FormatError::ByteLength { tensor: tensor(), needed_bits: 12, found: 4 },
            "`x` has 4 bytes, but its shape and type take 12 bits, which is no whole number of \
             them",
        ),
        (offsets(6, 5), "`x` begins at 6, after its end at 5"),
        (offsets(5, 5), "`x` ends at 5, but only 4 bytes follow the header: the file is cut short"),
        (FormatError::Overlap { tensor: tensor(), other: "y".into() }, "`x` and `y` share bytes"),
        (
            FormatError::Hole { tensor: tensor(), bytes: 3 },
            "3 bytes before `x` belong to no tensor",
        ),
        (FormatError::Trailing { bytes: 3 }, "3 bytes after the last tensor belong to none"),
        (
            FormatError::OutOfMemory { bytes: 3 },
            "no memory for 3 bytes to list the tensors of the file",
        ),
    ];
    for (error, text) in cases {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_file_counts_its_tensors() {
    let none = file(b"{}", b"");
    let none = SafeTensors::parse(&none).unwrap();
    assert_eq!((none.len(), none.is_empty(), none.iter().len()), (0, true, 0));
    assert!(format!("{none:?}").contains("0 tensors"), "{none:?}");
    assert_eq!(format!("{:?}", TensorShape::new(&[2, 3])), "Some([2, 3])");
    let bytes = halves(47);
    let four = file_of(&parts(&bytes));
    let four = SafeTensors::parse(&four).unwrap();
    assert_eq!((four.len(), four.is_empty(), four.iter().len()), (4, false, 4));
}
