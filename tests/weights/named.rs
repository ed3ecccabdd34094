//! Every error names what it is about: the tensor where there is one, the entry of an
//! archive, and always the file.

use std::path::PathBuf;
use std::{fs, process};

use typenet::graph::Graph;
use typenet::spec::{BatchNorm1d, Dims, Linear, Node, Op, Spec};
use typenet::weights::{LoadError, LoadErrorKind, LoadOptions, Names, Weights};

use crate::support::{Part, file, file_of, linear};

/// A file that no network's weights are in.
struct Hostile {
    graph: Graph,
    options: LoadOptions,
    bytes: Vec<u8>,
}

impl Hostile {
    /// For a network of one linear layer, `x`.
    fn new(bytes: Vec<u8>) -> Self {
        Self { graph: linear("x", 2, 1), options: LoadOptions::new(), bytes }
    }

    /// Entries of a header, and as many zero bytes of data.
    fn header(entries: &str, data: usize) -> Self {
        Self::new(file(format!("{{{entries}}}").as_bytes(), &vec![0; data]))
    }

    fn parts(parts: &[Part<'_>]) -> Self {
        Self::new(file_of(parts))
    }

    fn of(mut self, graph: Graph) -> Self {
        self.graph = graph;
        self
    }

    fn renamed(mut self, names: Names) -> Self {
        self.options = self.options.names(names);
        self
    }

    /// The error of loading it from a file of that name, and that file.
    fn error(&self, name: &str) -> (LoadError, PathBuf) {
        let path = std::env::temp_dir().join(format!("typenet-{name}-{}", process::id()));
        fs::write(&path, &self.bytes).unwrap();
        let error = Weights::<f32>::load_with(&self.graph, &path, &self.options).unwrap_err();
        fs::remove_file(&path).unwrap();
        (error, path)
    }
}

/// The innermost kind: `Overlap` of `Format(Overlap { .. })`.
fn kind(error: &LoadErrorKind) -> String {
    let debug = format!("{error:?}");
    let mut words = debug.split(|c: char| !c.is_alphanumeric());
    let first = words.next().unwrap();
    let inner = if matches!(first, "Format" | "Pth") { words.next().unwrap() } else { first };
    inner.into()
}

/// Loads each file, and looks for the kind of its error and for what that names.
fn check(file: &str, cases: Vec<(&str, &str, Hostile)>) {
    for (expected, name, hostile) in cases {
        let (error, path) = hostile.error(file);
        let text = error.to_string();
        println!("{text}");
        assert_eq!(kind(error.kind()), expected, "{text}");
        let path = format!("can't load weights from `{}`: ", path.display());
        let said = text.strip_prefix(&path).unwrap_or_else(|| panic!("no file in: {text}"));
        assert!(name.is_empty() || said.contains(&format!("`{name}`")), "no `{name}` in: {said}");
    }
}

fn norm() -> Graph {
    let norm = Spec::Op(Op::BatchNorm1d(BatchNorm1d { features: 1, eps: 1e-5 }));
    Graph::new(&Spec::Chain(&[Node::new("x", &norm)]), Dims::vector(1)).unwrap()
}

fn twice() -> Graph {
    let fc = Spec::Op(Op::Linear(Linear { inputs: 2, outputs: 2, bias: false }));
    let nodes = [Node::new("x", &fc), Node::new("x", &fc)];
    Graph::new(&Spec::Chain(&nodes), Dims::vector(2)).unwrap()
}

/// A tensor of `len` bytes from `begin` on.
fn entry(name: &str, begin: usize, len: usize) -> String {
    let end = begin + len;
    format!(r#""{name}":{{"dtype":"U8","shape":[{len}],"data_offsets":[{begin},{end}]}}"#)
}

#[test]
fn a_safetensors_file() {
    let with = |from: &str, to: &str| Hostile::header(&entry("a", 0, 4).replace(from, to), 4);
    let two = |first, second| Hostile::header(&[first, second].join(","), 8);
    let web_page = || Hostile::new(b"<!DOCTYPE html>".to_vec());
    check(
        "named-safetensors",
        vec![
            // The file as such.
            ("TooShort", "", Hostile::new(vec![])),
            ("OtherFormat", "", web_page()),
            ("HeaderPastEnd", "", Hostile::new(file(b"{}", b"")[..9].to_vec())),
            ("HeaderTooLong", "", Hostile::new(vec![0xee; 20])),
            ("Encoding", "", Hostile::new(file(b"{\"\xff", b""))),
            ("Json", "", Hostile::new(file(b"[]", b""))),
            ("Trailing", "", Hostile::header(&entry("a", 0, 4), 5)),
            // A tensor of it.
            ("Json", "a", with("[4]", "[-4]")),
            ("Json", "a", with("\"dtype\":\"U8\",", "")),
            ("Json", "a", with("[4]", "[1,1,1,1,1,1,1,1,4]")),
            ("Json", "__metadata__", Hostile::header(r#""__metadata__":{"x":1}"#, 0)),
            ("UnknownField", "a", with("\"dtype\"", "\"strides\":[],\"dtype\"")),
            ("UnknownDType", "a", with("U8", "Q4")),
            ("TooLarge", "a", with("[4]", "[4294967295,4294967295,4294967295]")),
            ("ByteLength", "a", with("[4]", "[5]")),
            ("Offsets", "a", with("0,4", "0,5")),
            ("Offsets", "a", with("0,4", "4,0")),
            ("DuplicateName", "a", two(entry("a", 0, 4), entry("a", 4, 4))),
            ("Overlap", "b", two(entry("a", 0, 5), entry("b", 4, 4))),
            ("Hole", "b", two(entry("a", 0, 3), entry("b", 4, 4))),
        ],
    );
}

#[test]
fn a_sound_file_that_does_not_fit() {
    let nan = [f32::NAN.to_le_bytes(), [0; 4]].concat();
    let weight = ("x.weight", "F32", &[1_usize, 2][..], &[0; 8][..]);
    let with = |change: &dyn Fn(&mut Part<'_>)| {
        let mut part = weight;
        change(&mut part);
        Hostile::parts(&[part])
    };
    let one = &[0, 0, 128, 63][..];
    let minus = &[0, 0, 128, 191][..];
    let names = ["x.weight", "x.bias", "x.running_mean"];
    let mut norm_parts = names.map(|name| (name, "F32", &[1][..], one)).to_vec();
    norm_parts.push(("x.running_var", "F32", &[1], minus));
    let mut both = vec![weight];
    both.push(("y.weight", "F32", &[0], &[]));
    let square = ("x.weight", "F32", &[2_usize, 2][..], &[0; 16][..]);
    check(
        "named-misfits",
        vec![
            ("Mismatch", "x.weight", Hostile::parts(&[])),
            ("Mismatch", "y.weight", Hostile::parts(&both)),
            ("Mismatch", "x.weight", with(&|part| part.2 = &[2, 1])),
            ("Mismatch", "x.weight", with(&|part| part.1 = "I32")),
            ("NotFinite", "x.weight", Hostile::parts(&[("x.weight", "F32", &[1, 2], &nan)])),
            ("NegativeVariance", "x.running_var", Hostile::parts(&norm_parts).of(norm())),
            ("SameName", "x.weight", Hostile::parts(&[square]).of(twice())),
            (
                "SameNameInFile",
                "y.weight",
                Hostile::parts(&both).renamed(Names::new().rename("y", "x")),
            ),
        ],
    );
}

/// Checkpoints of the old form, put together here, and an archive of torch's.
#[cfg(feature = "pth")]
#[test]
fn a_checkpoint() {
    use crate::pth::{archive, legacy, tensor};

    let pickle = |pickle: &[u8]| Hostile::new(legacy(pickle, b"\x80\x02]."));
    // A state dict of `a`, a tensor in a storage of two floats.
    let one = |tensor: &[u8], storages: &[u8]| {
        let pickle = [b"\x80\x02}U\x01a", tensor, b"s."].concat();
        Hostile::new(legacy(&pickle, storages))
    };
    let sound = tensor(0, &[1, 2], &[2, 1], 2);
    let storages = |key: &[u8], len: u8, bytes: usize| {
        let list = [b"\x80\x02]U\x01", key, b"a."].concat();
        [list, vec![len, 0, 0, 0, 0, 0, 0, 0], vec![0; bytes]].concat()
    };
    let twice = [b"\x80\x02}(U\x01a", &sound[..], b"q\0U\x01ah\0u."].concat();
    let dict = [b"}U\x01a", &sound[..], b"sq\0"].concat();
    let several = [b"\x80\x02}(U\x01m", &dict[..], b"U\x01nh\0u."].concat();
    let kept = storages(b"k", 2, 8);
    check(
        "named-checkpoints",
        vec![
            ("Pickle", "", pickle(b"\x80\x02\xf0")),
            ("TooLarge", "", pickle(&[&b"\x80\x02"[..], &b"N".repeat(1 << 20)].concat())),
            ("NoStateDict", "", pickle(b"\x80\x02K\x01.")),
            ("Forbidden", "os.system", pickle(b"\x80\x02cos\nsystem\n.")),
            ("NotATensor", "b", one(&[&sound[..], b"sU\x01bN"].concat(), &kept)),
            ("SameName", "a", Hostile::new(legacy(&twice, &kept))),
            ("Several", "n", Hostile::new(legacy(&several, &kept))),
            ("Tensor", "a", one(&tensor(1, &[1, 2], &[2, 1], 2), &kept)),
            ("Tensor", "a", one(&sound, &storages(b"k", 1, 4))),
            ("Tensor", "a", one(&sound, b"\x80\x02].")),
            ("Storage", "k", one(&sound, &storages(b"k", 2, 7))),
            ("Storage", "k", one(&sound, &storages(b"k", 255, 8))),
            ("Pickle", "", one(&sound, b"\x80\x02K\x01.")),
            ("Pickle", "", one(&sound, b"\x80\x02]K\x01a.")),
            ("Pickle", "", one(&sound, &[&kept[..], b"x"].concat())),
            ("Storage", "o", one(&sound, &storages(b"o", 2, 8))),
        ],
    );
    // The fields of an entry, counted from where the list at the end has it.
    let entry = |name: &str, at: usize, value: u8| Hostile::new(archive(name, at, value));
    check(
        "named-archives",
        vec![
            ("Archive", "zip/data.pkl", entry("zip/data.pkl", 8, 1)),
            ("Archive", "zip/data.pkl", entry("zip/data.pkl", 10, 8)),
            ("Archive", "zip/data/0", entry("zip/data/0", 10, 99)),
            ("Archive", "zip/data/1", entry("zip/data/1", 42, 77)),
            ("Archive", "data.pkl", entry("zip/data.pkl", 53, b'k')),
            ("Archive", "data/0", entry("zip/data/0", 55, b'9')),
            ("Checksum", "zip/data/0", entry("zip/data/0", 16, 0x55)),
        ],
    );
}

/// A tensor of one number, over and over, is large in a small file.
#[cfg(all(feature = "pth", target_pointer_width = "64"))]
#[test]
fn no_memory() {
    use crate::pth::{legacy, tensor_of};

    let (long, wide) = (&b"\x8a\x05\0\0\0\0\x01"[..], &b"J\0\0\x10\0"[..]);
    let tensor = tensor_of(b"K\0", &[wide, long].concat(), b"K\0K\0", b"K\x01");
    let pickle = [b"\x80\x02}X\x08\0\0\0x.weight", &tensor[..], b"s."].concat();
    let storage = [&b"\x80\x02]U\x01ka."[..], &[1, 0, 0, 0, 0, 0, 0, 0], &[0; 4]].concat();
    let graph = linear("x", 1 << 32, 1 << 20);
    let hostile = Hostile::new(legacy(&pickle, &storage)).of(graph);
    check("named-memory", vec![("OutOfMemory", "x.weight", hostile)]);
}
