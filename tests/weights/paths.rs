//! Files on disk: what is read, what is refused, what a save leaves behind.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use typenet::model::AnyModel;
use typenet::prelude::*;
use typenet::weights::{FormatError, LoadError, LoadErrorKind, LoadOptions, SaveError, Weights};

use crate::support::{file_of, graph, halves, linear, parts};

/// A folder of its own for each test, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("typenet-weights-{test}-{}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The error of loading from `path`, which has to name it.
fn failure(path: &Path) -> LoadError {
    let error = Weights::<f32>::load(&graph(), path).unwrap_err();
    assert_eq!(error.path(), Some(path));
    assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    error
}

#[test]
fn a_save_can_be_loaded() {
    let folder = Folder::new("round-trip");
    let path = folder.file("net.safetensors");
    let weights = Weights::<f32>::random(&graph(), 1);
    weights.save(&graph(), &path).unwrap();
    assert_eq!(Weights::load(&graph(), &path).unwrap(), weights);
    assert_eq!(fs::read(&path).unwrap(), weights.to_safetensors(&graph()).unwrap());

    let other = Weights::<f32>::random(&graph(), 2);
    other.save(&graph(), &path).unwrap();
    assert_eq!(Weights::load(&graph(), &path).unwrap(), other);
    assert_eq!(folder.names(), ["net.safetensors"]);
}

#[test]
fn models_go_through_files() {
    network! { struct Net: [4] -> [2] { fc: Linear<4, 2> } }
    let folder = Folder::new("models");
    let (path, strict) = (folder.file("net.safetensors"), LoadOptions::new());
    let (first, second) = (Net::random(1), Net::random(2));
    first.save(&path).unwrap();
    let mut model = Net::load(&path).unwrap();
    assert_eq!(model.as_any().weights(), first.as_any().weights());
    second.save(&path).unwrap();
    let report = model.update(&path, &strict).unwrap();
    assert_eq!((report.loaded.len(), report.missing.len()), (2, 0));
    assert_eq!(model.as_any().weights(), second.as_any().weights());

    let graph = first.as_any().graph().clone();
    let (mut any, _) = AnyModel::<f32>::load_with(graph, &path, &strict).unwrap();
    assert_eq!(any.weights(), second.as_any().weights());
    first.save(&path).unwrap();
    any.update(&path, &strict).unwrap();
    assert_eq!(any.weights(), first.as_any().weights());
    fs::write(&path, b"").unwrap();
    assert!(any.update(&path, &strict).is_err() && model.update(&path, &strict).is_err());
    assert_eq!(any.weights(), first.as_any().weights());
    assert_eq!(model.as_any().weights(), second.as_any().weights());
}

#[test]
fn tensors_longer_than_a_piece_are_read_whole() {
    let folder = Folder::new("pieces");
    let path = folder.file("net.safetensors");
    for inputs in [16_383, 16_384, 16_385, 100_001] {
        let graph = linear("fc", inputs, 3);
        let weights = Weights::<f32>::random(&graph, 1);
        weights.save(&graph, &path).unwrap();
        assert_eq!(Weights::load(&graph, &path).unwrap(), weights);
        let double = Weights::<f64>::random(&graph, 1);
        double.save(&graph, &path).unwrap();
        assert_eq!(Weights::load(&graph, &path).unwrap(), double);
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = Folder::new("no-file");
    let error = failure(&folder.file("missing"));
    assert!(matches!(error.kind(), LoadErrorKind::Io(_)));
    assert!(error.source().is_some());
    let error = failure(&folder.0);
    assert!(matches!(error.kind(), LoadErrorKind::NotAFile { what: "a directory" }));
    fs::write(folder.file("empty"), b"").unwrap();
    let error = failure(&folder.file("empty"));
    assert!(matches!(error.kind(), LoadErrorKind::Format(FormatError::TooShort { len: 0 })));
    assert!(Weights::<f32>::load(&graph(), "").is_err());
    assert!(Weights::<f32>::load(&graph(), "nul\0byte").is_err());
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_do_not_hang() {
    let folder = Folder::new("devices");
    for device in ["/dev/zero", "/dev/null", "/dev/stdin"] {
        if Path::new(device).exists() && !fs::metadata(device).unwrap().is_file() {
            let error = failure(Path::new(device));
            assert!(matches!(error.kind(), LoadErrorKind::NotAFile { .. }), "{error}");
        }
    }
    let pipe = folder.file("pipe");
    if process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        let error = failure(&pipe);
        assert!(matches!(error.kind(), LoadErrorKind::NotAFile { .. }), "{error}");
    } else {
        println!("SKIPPED: the pipe (no mkfifo here)");
    }
    // Loops of links, and files of the kernel that claim to be empty.
    let link = folder.file("link");
    std::os::unix::fs::symlink(&link, &link).unwrap();
    assert!(matches!(failure(&link).kind(), LoadErrorKind::Io(_)));
    let maps = Path::new("/proc/self/maps");
    if maps.exists() {
        assert!(matches!(failure(maps).kind(), LoadErrorKind::Format(_)));
    }
}

#[cfg(unix)]
#[test]
fn without_permission_nothing_is_read() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    let folder = Folder::new("permission");
    let path = folder.file("secret");
    fs::write(&path, file_of(&parts(&halves(47)))).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_err() {
        refused_for_permission(&path);
        return;
    }
    // Root may read everything, so this very program looks again as nobody.
    if std::env::var_os("TYPENET_EMULATED").is_some() {
        println!("SKIPPED: the program that runs is the emulator");
        return;
    }
    let mut again = process::Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "paths::nobody_is_refused"]).env(SECRET, &path);
    match again.uid(65534).gid(65534).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains("1 passed"), "{said}");
        }
        Err(error) => println!("SKIPPED: nobody can't run this program: {error}"),
    }
}

/// Where a file lies that the user may not read.
#[cfg(unix)]
const SECRET: &str = "TYPENET_SECRET";

#[cfg(unix)]
fn refused_for_permission(path: &Path) {
    let error = failure(path);
    let LoadErrorKind::Io(error) = error.kind() else { panic!("{error}") };
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
}

/// The part of `without_permission_nothing_is_read` that root can't play.
#[cfg(unix)]
#[test]
fn nobody_is_refused() {
    if let Some(path) = std::env::var_os(SECRET) {
        refused_for_permission(Path::new(&path));
    }
}

#[test]
fn a_terabyte_of_nothing_is_not_read() {
    let folder = Folder::new("sparse");
    let path = folder.file("sparse");
    let file = fs::File::create(&path).unwrap();
    if file.set_len(1 << 40).is_err() {
        println!("SKIPPED: no sparse files here");
        return;
    }
    assert!(matches!(failure(&path).kind(), LoadErrorKind::Format(_)));

    // Sound by its header, so only the network can say no.
    let len = (1_u64 << 40) - 8 - 80;
    let header = format!(r#"{{"x":{{"dtype":"U8","shape":[{len}],"data_offsets":[0,{len}]}}}}"#);
    let start = [&80_u64.to_le_bytes()[..], format!("{header:<80}").as_bytes()].concat();
    fs::write(&path, &start).unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    let error = failure(&path);
    if usize::BITS < 64 {
        let text = error.to_string();
        assert!(text.ends_with("a size is more than this machine can count"), "{text}");
        return;
    }
    let LoadErrorKind::Mismatch(mismatch) = error.kind() else { panic!("{error}") };
    assert_eq!((mismatch.missing.len(), mismatch.unexpected.len()), (4, 1));
}

#[test]
fn every_truncated_file_is_an_error() {
    let folder = Folder::new("truncated");
    let path = folder.file("net.safetensors");
    let whole = file_of(&parts(&halves(47)));
    for len in (0..whole.len()).step_by(7) {
        fs::write(&path, &whole[..len]).unwrap();
        failure(&path);
    }
}

#[test]
fn a_failed_load_leaves_the_old_weights() {
    let folder = Folder::new("old");
    let path = folder.file("net.safetensors");
    let sound = file_of(&parts(&halves(47)));
    // All but the last number are read before it shows.
    let mut broken = sound.clone();
    broken[sound.len() - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let mut weights = Weights::<f32>::random(&graph(), 4);
    let before = weights.clone();
    for file in [&broken[..], &sound[..sound.len() - 1], &sound[..300], b""] {
        fs::write(&path, file).unwrap();
        for options in [LoadOptions::new(), LoadOptions::new().partial()] {
            assert!(weights.update(&graph(), &path, &options).is_err());
            assert!(weights.update_from_bytes(&graph(), file, &options).is_err());
            assert_eq!(weights, before);
        }
    }
    fs::write(&path, sound).unwrap();
    weights.update(&graph(), &path, &LoadOptions::new()).unwrap();
    assert_ne!(weights, before);
}

#[test]
fn a_failed_save_leaves_the_old_file() {
    let folder = Folder::new("save");
    let path = folder.file("net.safetensors");
    let weights = Weights::<f32>::random(&graph(), 1);
    weights.save(&graph(), &path).unwrap();
    let before = fs::read(&path).unwrap();

    let other = Weights::<f32>::random(&linear("fc", 2, 2), 1);
    assert!(matches!(other.save(&graph(), &path), Err(SaveError::OtherNetwork(_))));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(folder.names(), ["net.safetensors"]);

    let missing = folder.file("no/such/folder/net.safetensors");
    let error = weights.save(&graph(), &missing).unwrap_err();
    assert!(error.to_string().contains("no/such/folder/net.safetensors"), "{error}");
    assert!(error.source().is_some());
    let error = weights.save(&graph(), &folder.0).unwrap_err();
    assert!(matches!(error, SaveError::NotAFile { what: "a directory", .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn a_save_keeps_links_permissions_and_devices() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = Folder::new("links");
    let (path, link) = (folder.file("net.safetensors"), folder.file("latest"));
    fs::write(&path, b"old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("net.safetensors", &link).unwrap();
    let weights = Weights::<f32>::random(&graph(), 1);
    weights.save(&graph(), &link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(Weights::load(&graph(), &path).unwrap(), weights);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    for target in ["missing", "nowhere"] {
        let nowhere = folder.file("nowhere");
        symlink(target, &nowhere).unwrap();
        let error = weights.save(&graph(), &nowhere).unwrap_err();
        assert!(matches!(error, SaveError::NotAFile { .. }), "{error}");
        assert_eq!(fs::read_link(&nowhere).unwrap(), Path::new(target));
        fs::remove_file(&nowhere).unwrap();
    }
    // (Not `/dev/null`, which a failure of this test would replace.)
    let socket = folder.file("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let error = weights.save(&graph(), &socket).unwrap_err();
    assert!(matches!(error, SaveError::NotAFile { .. }), "{error}");
}
