//! Running the examples of the project as commands.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An example, which cargo builds before it runs all tests.
pub(crate) fn command(name: &str) -> Option<Command> {
    let tests = env::current_exe().unwrap();
    let folder = tests.parent().and_then(Path::parent).unwrap().join("examples");
    let path = folder.join(name).with_extension(env::consts::EXE_EXTENSION);
    if !path.exists() {
        println!("SKIPPED: the example `{name}` has not been built");
        return None;
    }
    Some(Command::new(path))
}

/// What an example prints and how it ends.
pub(crate) fn run(name: &str, arguments: &[&str]) -> Option<(Output, Option<i32>)> {
    let output = command(name)?.args(arguments).output().unwrap();
    let code = output.status.code();
    Some((output, code))
}

/// What stands under `path`, seen from the project, if it is there.
pub(crate) fn there(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if !path.exists() {
        println!("SKIPPED: {} is not there", path.display());
        return None;
    }
    Some(path)
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
