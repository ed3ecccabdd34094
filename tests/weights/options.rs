//! Other names, a part only, and the report.

use typenet::weights::{DType, LoadError, LoadErrorKind, LoadOptions, LoadReport, Names, Weights};

use crate::support::{Part, file_of, graph, halves, parts};

fn load(
    parts: &[Part<'_>],
    options: &LoadOptions,
) -> Result<(Weights<f32>, LoadReport), LoadErrorKind> {
    Weights::from_bytes_with(&graph(), &file_of(parts), options).map_err(LoadError::into_kind)
}

fn sound() -> Weights<f32> {
    load(&parts(&halves(47)), &LoadOptions::new()).unwrap().0
}

#[test]
fn names_are_mapped() {
    let bytes = halves(47);
    let mut other = parts(&bytes);
    other[0].0 = "module.features.0.kernel";
    other[1].0 = "module.features.0.bias";
    other[2].0 = "module.classifier.weight";
    other[3].0 = "module.classifier.bias";
    let names = Names::new()
        .strip_prefix("module.")
        .rename("classifier", "fc")
        .pattern("features.*.kernel", "features.*.weight")
        .unwrap()
        .pattern("features.0.*", "conv1.*")
        .unwrap();
    let (weights, report) = load(&other, &LoadOptions::new().names(names)).unwrap();
    assert_eq!(weights, sound());
    assert_eq!(report.loaded[0].name, "conv1.weight");
    assert_eq!(report.loaded[0].tensor, "module.features.0.kernel");
    assert_eq!(report.to_string(), "4 parameters loaded, 4 under another name");
}

#[test]
fn names_that_fall_together_are_an_error() {
    let bytes = halves(47);
    let mut both = parts(&bytes).to_vec();
    both.push(("a.fc.bias", "F32", &[3], &bytes[..12]));
    let options = LoadOptions::new().names(Names::new().strip_prefix("a."));
    let error = load(&both, &options).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, LoadErrorKind::SameNameInFile { .. }), "{text}");
    assert!(text.contains("`fc.bias`") && text.contains("`a.fc.bias`"), "{text}");
}

#[test]
fn patterns_stay_within_their_part() {
    let names = |from: &str, to: &str| Names::new().pattern(from, to).unwrap();
    assert_eq!(names("a.*.c", "x.*").apply("a.b.c"), "x.b");
    assert_eq!(names("a.*.c", "x.*").apply("a.b.b.c"), "a.b.b.c");
    assert_eq!(names("conv*.*", "c*.*").apply("conv12.weight"), "c12.weight");
    assert_eq!(names("conv*", "c").apply("conv"), "c");
    assert_eq!(names("", "x").apply(""), "x");
    assert!(Names::new().pattern("a*b*", "x*").is_err());
    assert!(Names::new().pattern("a", "*").is_err());
    for (from, to, text) in [
        ("a", "*", "`a` has 0 stars, but `*` has 1: each needs one to stand for"),
        ("*.*", "*.*.*", "`*.*` has 2 stars, but `*.*.*` has 3: each needs one to stand for"),
        ("a.**", "*", "`a.**` has two stars between points; one can stand for all of it"),
    ] {
        assert_eq!(Names::new().pattern(from, to).unwrap_err().to_string(), text);
    }
    assert_eq!(Names::new().rename("a", "b").rename("b", "c").apply("a.w"), "c.w");
}

#[test]
fn a_part_is_loaded_on_request_only() {
    let bytes = halves(47);
    let mut part = parts(&bytes)[..2].to_vec();
    part.push(("extra.weight", "F32", &[1], &bytes[..4]));
    assert!(matches!(load(&part, &LoadOptions::new()), Err(LoadErrorKind::Mismatch(_))));

    let partial = LoadOptions::new().partial();
    let (fresh, report) = load(&part, &partial).unwrap();
    let random = Weights::random(&graph(), 0);
    assert_eq!(fresh.get(0), sound().get(0));
    assert_eq!(fresh.get(2), random.get(2));
    assert_eq!(report.missing.len(), 2);
    assert_eq!(report.unexpected, ["extra.weight"]);
    assert_eq!(report.counters, 0);
    assert_eq!(
        report.to_string(),
        "2 of 4 parameters loaded
  kept as it was: `fc.weight` (3×8)
  kept as it was: `fc.bias` (3)
  not in the network: `extra.weight`"
    );

    let mut own = Weights::<f32>::random(&graph(), 9);
    let before = own.clone();
    own.update_from_bytes(&graph(), &file_of(&part), &partial).unwrap();
    assert_eq!((own.get(1), own.get(3)), (sound().get(1), before.get(3)));
}

#[test]
fn a_part_must_fit_and_be_something() {
    let bytes = halves(47);
    let partial = LoadOptions::new().partial();
    let mut own = Weights::<f32>::random(&graph(), 9);
    let before = own.clone();
    let cases: [&[Part<'_>]; 3] = [
        &[("fc.weight", "F32", &[8, 3], &bytes[..96])],
        &[("fc.bias", "I32", &[3], &bytes[..12])],
        &[("other", "F32", &[3], &bytes[..12])],
    ];
    for parts in cases {
        assert!(own.update_from_bytes(&graph(), &file_of(parts), &partial).is_err(), "{parts:?}");
        assert_eq!(own, before);
    }
}

#[test]
fn narrow_numbers_are_converted_and_reported() {
    let halves: Vec<u8> =
        [0x3c00_u16, 0xc000, 0x0001].iter().flat_map(|x| x.to_le_bytes()).collect();
    let bfloats: Vec<u8> = [0x3f80_u16, 0xc000].iter().flat_map(|x| x.to_le_bytes()).collect();
    let bytes = self::halves(47);
    let mut narrow = parts(&bytes);
    narrow[1] = ("conv1.bias", "BF16", &[2], &bfloats);
    narrow[3] = ("fc.bias", "F16", &[3], &halves);
    let (weights, report) = load(&narrow, &LoadOptions::new()).unwrap();
    assert_eq!(weights.get(1).unwrap(), [1.0, -2.0]);
    assert_eq!(weights.get(3).unwrap(), [1.0, -2.0, 2.0_f32.powi(-24)]);
    assert_eq!(report.loaded[3].dtype, DType::F16);
    let text = "4 parameters loaded, 1 of them stored as F16, 1 of them stored as BF16";
    assert_eq!(report.to_string(), text);
}

#[test]
fn transposed_tensors_say_how() {
    let permutation = |expected: usize, shape: &[usize], bytes: usize| {
        let all = halves(47);
        let mut wrong = parts(&all);
        let data = vec![0; bytes];
        wrong[expected].2 = shape;
        wrong[expected].3 = &data;
        match load(&wrong, &LoadOptions::new()) {
            Err(LoadErrorKind::Mismatch(mismatch)) => mismatch.misshapen[0].permutation(),
            other => panic!("{other:?}"),
        }
    };
    // The network's filters are 2×1×3×3, its matrix is 3×8.
    assert_eq!(permutation(0, &[3, 3, 1, 2], 72), Some(vec![3, 2, 0, 1]));
    assert_eq!(permutation(0, &[2, 3, 3, 1], 72), Some(vec![0, 3, 1, 2]));
    assert_eq!(permutation(0, &[1, 2, 3, 3], 72), Some(vec![1, 0, 2, 3]));
    assert_eq!(permutation(0, &[3, 2, 1, 3], 72), Some(vec![1, 2, 0, 3]));
    assert_eq!(permutation(2, &[8, 3], 96), Some(vec![1, 0]));
    assert_eq!(permutation(2, &[24], 96), None);
    assert_eq!(permutation(2, &[8, 4], 128), None);
}

#[test]
#[cfg(feature = "mmap")]
fn a_mapped_file_gives_the_same() {
    let path = std::env::temp_dir().join(format!("typenet-mapped-{}", std::process::id()));
    std::fs::write(&path, file_of(&parts(&halves(47)))).unwrap();
    // SAFETY: the file is this test's own.
    let options = unsafe { LoadOptions::new().mapped() };
    let loaded = Weights::<f32>::load_with(&graph(), &path, &options).unwrap().0;
    assert_eq!(loaded, sound());
    std::fs::write(&path, b"").unwrap();
    let error = Weights::<f32>::load_with(&graph(), &path, &options).unwrap_err();
    assert!(error.to_string().ends_with("the file is empty"), "{error}");
    std::fs::remove_file(&path).unwrap();
    let error = Weights::<f32>::load_with(&graph(), &path, &options).unwrap_err();
    assert!(matches!(error.kind(), LoadErrorKind::Io(_)));
}
