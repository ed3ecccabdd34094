//! Any bytes as a checkpoint of PyTorch, and as the pickle of one in the form without
//! checksums: read or refused, nothing run, in memory no larger than file and network.
#![no_main]

mod small;

use libfuzzer_sys::fuzz_target;
use typenet::weights::{LoadOptions, Weights};

/// What comes before the pickle in the form of torch before 1.6.
const START: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\
    \x80\x02M\xe9\x03.\x80\x02}X\x0d\0\0\0little_endian\x88s.";

fuzz_target!(|bytes: &[u8]| {
    let load = |file: &[u8]| {
        let loaded = Weights::from_bytes_with(&small::graph(), file, &LoadOptions::new());
        small::check(loaded.map(|(weights, _)| weights));
    };
    load(bytes);
    load(&[START, bytes].concat());
});
