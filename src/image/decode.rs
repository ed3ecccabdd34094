//! From the bytes of a file to upright pixels.

use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::Path;
use std::string::ToString;
use std::vec::Vec;

use ::image::codecs::jpeg::JpegDecoder;
use ::image::codecs::png::PngDecoder;
use ::image::error::ImageError;
use ::image::{DynamicImage, ImageDecoder};

use super::{Photo, PhotoErrorKind};

/// How large a file may be, and the picture in it.
///
/// ```
/// use typenet::image::{Limits, Photo};
///
/// let limits = Limits::default().pixels(1_000_000);
/// let photo = Photo::open_with("huge.png", &limits);
/// assert!(photo.is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    pixels: u64,
    bytes: u64,
}

impl Default for Limits {
    /// A hundred million pixels, in a file of 512 MiB.
    fn default() -> Self {
        Self { pixels: 100_000_000, bytes: 512 << 20 }
    }
}

impl Limits {
    /// The most pixels.
    #[must_use]
    pub fn pixels(mut self, pixels: u64) -> Self {
        self.pixels = pixels;
        self
    }

    /// The most bytes of a file.
    #[must_use]
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }
}

/// Bytes that a decoder may take besides the file and the picture: rows, tables, a
/// profile of colours, which swells to a thousand times of what it takes in the file.
const SPARE: u64 = 16 << 20;

/// The bytes of a regular file; opening a pipe would wait for somebody to write.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>, PhotoErrorKind> {
    if !fs::metadata(path).map_err(PhotoErrorKind::Io)?.is_file() {
        return Err(PhotoErrorKind::NotAFile);
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(PhotoErrorKind::Io)?;
    file.take(limits.bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(PhotoErrorKind::Io)?;
    Ok(bytes)
}

/// How a PNG file begins, and the head of its first chunk.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const PNG_HEADER: &[u8] = b"\0\0\0\x0dIHDR";

/// Formats that people have photos in, by their first bytes.
const OTHERS: [(&[u8], &str); 8] = [
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a WebP image"),
    (b"BM", "a BMP image"),
    (b"II*\0", "a TIFF image, or a camera's raw file"),
    (b"MM\0*", "a TIFF image, or a camera's raw file"),
    (b"<svg", "an SVG drawing"),
    (b"<", "a web page or drawing"),
    (b"version ", "a Git LFS pointer, to be fetched with `git lfs pull`"),
];

pub(super) fn decode(file: &[u8], limits: &Limits) -> Result<Photo, PhotoErrorKind> {
    if file.len() as u64 > limits.bytes {
        return Err(PhotoErrorKind::TooLarge { width: 0, height: 0 });
    }
    if file.starts_with(PNG) {
        // Before the decoder makes room for a row of pixels.
        let own = room(png_size(file)?, limits)?;
        return pixels(PngDecoder::with_limits(Cursor::new(file), own).map_err(damaged)?, limits);
    }
    if file.starts_with(b"\xff\xd8\xff") {
        if !jpeg_is_whole(file) {
            return Err(PhotoErrorKind::CutShort);
        }
        return pixels(JpegDecoder::new(Cursor::new(file)).map_err(damaged)?, limits);
    }
    Err(PhotoErrorKind::Format { looks_like: looks_like(file) })
}

fn looks_like(file: &[u8]) -> &'static str {
    let other = OTHERS.iter().find(|(start, _)| file.starts_with(start));
    match other {
        Some((_, what)) => what,
        None if file.get(4..8) == Some(b"ftyp") => "a HEIC or AVIF image, as phones take",
        None if file.is_empty() => "",
        None => "no picture in a format known here",
    }
}

/// Width and height of a PNG file.
fn png_size(file: &[u8]) -> Result<(u32, u32), PhotoErrorKind> {
    let header = file.get(PNG.len()..).unwrap_or_default();
    let Some((head, [w0, w1, w2, w3, h0, h1, h2, h3, ..])) = header.split_at_checked(8) else {
        return Err(PhotoErrorKind::CutShort);
    };
    if head != PNG_HEADER {
        let problem = "it does not begin with the size of its picture".into();
        return Err(PhotoErrorKind::Damaged { problem });
    }
    let number = |a, b, c, d| u32::from_be_bytes([a, b, c, d]);
    Ok((number(*w0, *w1, *w2, *w3), number(*h0, *h1, *h2, *h3)))
}

/// What a decoder may allocate for a picture of this width and height.
fn room(size: (u32, u32), limits: &Limits) -> Result<::image::Limits, PhotoErrorKind> {
    let (width, height) = (u64::from(size.0), u64::from(size.1));
    let pixels = width.saturating_mul(height);
    if pixels > limits.pixels {
        return Err(PhotoErrorKind::TooLarge { width, height });
    }
    if pixels == 0 {
        return Err(PhotoErrorKind::Damaged { problem: "it has no pixels".into() });
    }
    let mut own = ::image::Limits::no_limits();
    // Eight bytes hold a pixel of any kind.
    own.max_alloc = Some(pixels.saturating_mul(8).saturating_add(SPARE));
    Ok(own)
}

fn pixels(mut decoder: impl ImageDecoder, limits: &Limits) -> Result<Photo, PhotoErrorKind> {
    let own = room(decoder.dimensions(), limits)?;
    decoder.set_limits(own).map_err(damaged)?;
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(orientation);
    let image = image.into_rgb8();
    let (width, height) = (image.width() as usize, image.height() as usize);
    Ok(Photo { width, height, pixels: image.into_raw() })
}

fn damaged(error: ImageError) -> PhotoErrorKind {
    match error {
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            PhotoErrorKind::CutShort
        }
        error => PhotoErrorKind::Damaged { problem: error.to_string() },
    }
}

/// Whether a JPEG file has its end marker: the decoder fills up what is missing
/// with grey and says nothing.
fn jpeg_is_whole(file: &[u8]) -> bool {
    let mut at = 2;
    let mut in_scan = false;
    while let Some(&[marker, kind]) = file.get(at..).and_then(|rest| rest.first_chunk()) {
        match (marker, kind) {
            // A fill byte.
            (0xff, 0xff) => at += 1,
            (0xff, 0xd9) => return true,
            // Within a scan an escaped 0xff, restart markers, and the data itself.
            (0xff, 0x00 | 0xd0..=0xd7) if in_scan => at += 2,
            (0xff, _) => {
                let Some(&len) = file.get(at + 2..).and_then(|rest| rest.first_chunk()) else {
                    return false;
                };
                in_scan = kind == 0xda;
                at += 2 + usize::from(u16::from_be_bytes(len)).max(2);
            }
            _ if in_scan => at += 1,
            _ => return false,
        }
    }
    false
}
