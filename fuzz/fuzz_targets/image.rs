//! Any bytes as a photo: decoded or refused, within the limits, and what is decoded
//! can be made a network's input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use typenet::image::{Limits, Photo};
use typenet::preprocessing::Preprocessing;
use typenet::spec::Dims;

const PIXELS: u64 = 1 << 20;

fuzz_target!(|bytes: &[u8]| {
    match Photo::decode_with(bytes, &Limits::default().pixels(PIXELS)) {
        Ok(photo) => {
            let pixels = photo.width() * photo.height();
            assert!(pixels > 0 && pixels as u64 <= PIXELS);
            assert_eq!(photo.pixels().len(), 3 * pixels);
            let values = photo.values(&Preprocessing::IMAGENET, Dims::image(3, 224, 224));
            // (A photo a thousand times as wide as high is too wide once it is high enough.)
            assert!(values.is_err() || values.is_ok_and(|v| v.iter().all(|x| x.is_finite())));
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
});
