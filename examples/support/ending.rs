//! How the small commands end: results on stdout, errors on stderr, 0 or 1.

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// Prints what came out. That nobody reads on, as behind `| head`, is no error.
pub(crate) fn print(result: Result<String, Box<dyn Error>>) -> ExitCode {
    let written = result.and_then(|text| match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
