//! Photos: from a PNG or JPEG file to the tensor that a network takes.
//!
//! ```no_run
//! use typenet::image::Photo;
//! use typenet::prelude::*;
//! use typenet::preprocessing::Preprocessing;
//!
//! network! { struct Net: [3, 224, 224] -> [3] { pool: GlobalAvgPool2d } }
//!
//! let photo = Photo::open("cat.jpg")?;
//! let x = photo.tensor(&Preprocessing::IMAGENET)?;
//! let y = Net::random(1).forward(&x);
//! # Ok::<(), typenet::image::PhotoError>(())
//! ```
//!
//! # What a file means
//!
//! A [`Photo`] is 8 bits each of red, green and blue, as a person sees it.
//!
//! | in the file | in the photo |
//! |---|---|
//! | grey, 1 to 8 bits | the same value three times |
//! | palette | its colours |
//! | alpha, `tRNS` | dropped: the colours are what they are, whatever they are laid over |
//! | 16 bits | rounded to 8: 65535 is 255 |
//! | CMYK and YCCK | (1 − C)(1 − K) and so on, no colour profile |
//! | EXIF orientation | turned and mirrored upright |
//! | gamma, ICC and other profiles | ignored, as training pipelines do |
//! | an animation (APNG) | its first picture |
//! | interlaced, progressive | as any other |
//!
//! That is Pillow's `exif_transpose` and `convert("RGB")`, but for grey of 16 bits,
//! which Pillow cuts off at 255.
//!
//! # Files from strangers
//!
//! The format is told by the first bytes, not by the name. A file whose header asks
//! for more pixels than [`Limits`] allow is refused before anything is decoded; one
//! that ends early or is damaged is an error, never half a photo. (A JPEG file has no
//! checksum: numbers that have changed within its picture are other colours.)
//!
//! # How close to Pillow
//!
//! A network should see what its training pipeline saw. The pixels of a PNG file are
//! Pillow's, and resizing, our own hundred lines with boxes of fractions of pixels,
//! stays within 1 level of 255 (`filter` says which libraries do not).
//!
//! A JPEG file does not say its pixels to the bit: the standard leaves decoders a level
//! in each sample. The `image` crate's takes its cosines with 12 bits, Pillow's (libjpeg-turbo)
//! with 13, so brightness and colours may each be 1 off, and a colour counts up to 1.77
//! times in red, green and blue. It also rounds colours of half the resolution twice on
//! their way to the whole. Levels of 255 off Pillow 13, on photos of qualities 50 to 97:
//!
//! | in the file | most | values more than 1 off | most, and mean, resized to 224×224 |
//! |---|---|---|---|
//! | grey, CMYK | 1 | none | 2, 0.01 |
//! | colours in full (4:4:4), YCCK | 3 | 0.1 to 0.4 % | 3, 0.02 |
//! | colours at half the width (4:2:2) | 5 | 2 to 5 % | 3, 0.22 |
//! | at half the width and height (4:2:0) | 6 | 4 to 10 % | 4, 0.34 |
//!
//! Whoever needs Pillow's own bits decodes with libjpeg-turbo and gives the pixels to
//! [`Photo::from_rgb`].

mod decode;
mod error;
mod filter;
mod resize;

use std::path::Path;
use std::vec::Vec;

pub use self::decode::Limits;
pub use self::error::{PhotoError, PhotoErrorKind};
use crate::preprocessing::Preprocessing;
use crate::shape::{Chw, DynChw};
use crate::spec::{Dims, Extent};
use crate::tensor::Tensor;

/// A photo: red, green and blue of each pixel, row by row.
///
/// ```
/// use typenet::image::Photo;
/// use typenet::preprocessing::Filter;
///
/// let photo = Photo::from_rgb(2, 1, vec![255, 0, 0, 0, 0, 255])?;
/// let one = photo.resize(1, 1, Filter::Bilinear)?;
/// assert_eq!(one.pixels(), [128, 0, 128]);
/// # Ok::<(), typenet::image::PhotoError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Photo {
    /// The photo in the PNG or JPEG file at `path`.
    ///
    /// # Errors
    ///
    /// If it can't be read, is of another format, damaged, or larger than the
    /// default [`Limits`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, PhotoError> {
        Self::open_with(path, &Limits::default())
    }

    /// As [`open`](Photo::open), with limits of your own.
    ///
    /// # Errors
    ///
    /// As [`open`](Photo::open).
    pub fn open_with(path: impl AsRef<Path>, limits: &Limits) -> Result<Self, PhotoError> {
        let path = path.as_ref();
        let photo = decode::read(path, limits).and_then(|file| decode::decode(&file, limits));
        photo.map_err(|kind| PhotoError::at(path, kind))
    }

    /// The photo in a PNG or JPEG file in memory.
    ///
    /// # Errors
    ///
    /// As [`open`](Photo::open).
    ///
    /// ```
    /// let error = typenet::image::Photo::decode(b"GIF89a").unwrap_err();
    /// assert!(error.to_string().contains("this is a GIF image"));
    /// ```
    pub fn decode(file: &[u8]) -> Result<Self, PhotoError> {
        Self::decode_with(file, &Limits::default())
    }

    /// As [`decode`](Photo::decode), with limits of your own.
    ///
    /// # Errors
    ///
    /// As [`open`](Photo::open).
    pub fn decode_with(file: &[u8], limits: &Limits) -> Result<Self, PhotoError> {
        decode::decode(file, limits).map_err(PhotoError::new)
    }

    /// A photo of these pixels: three values each, row by row.
    ///
    /// # Errors
    ///
    /// If a side is 0 or there are more or fewer values.
    pub fn from_rgb(width: usize, height: usize, pixels: Vec<u8>) -> Result<Self, PhotoError> {
        let values = width.checked_mul(height).and_then(|n| n.checked_mul(3));
        if values != Some(pixels.len()) || pixels.is_empty() {
            let kind = PhotoErrorKind::Values { width, height, values: pixels.len() };
            return Err(PhotoError::new(kind));
        }
        Ok(Self { width, height, pixels })
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Red, green and blue of each pixel, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The brightness of each pixel, row by row: Pillow's `convert("L")`, the luma
    /// of ITU-R 601 in whole numbers. A grey photo stays what it is.
    pub fn grey(&self) -> Vec<u8> {
        let luma = |&[r, g, b]: &[u8; 3]| {
            let sum = 19595 * u32::from(r) + 38470 * u32::from(g) + 7471 * u32::from(b);
            ((sum + 0x8000) >> 16) as u8
        };
        self.pixels.as_chunks().0.iter().map(luma).collect()
    }

    /// The values that a network takes for this photo: the part that `recipe` says,
    /// resized to `dims`, normalised, channel by channel. Where `dims` has `Dyn` for
    /// a side, the photo keeps its own.
    ///
    /// # Errors
    ///
    /// If `dims` is no image of 1 or 3 channels, or not of those of the recipe, or
    /// the recipe would cut more out of the photo than it has.
    pub fn values(&self, recipe: &Preprocessing, dims: Dims) -> Result<Vec<f32>, PhotoError> {
        let failed = |kind| Err(PhotoError::new(kind));
        let Dims::Image { c: channels @ (1 | 3), h, w } = dims else {
            return failed(PhotoErrorKind::Input { dims, channels: recipe.channels() });
        };
        if channels != recipe.channels() {
            return failed(PhotoErrorKind::Input { dims, channels: recipe.channels() });
        }
        let side = |extent, own| match extent {
            Extent::Fixed(n) => n,
            _ => own,
        };
        let target = (side(w, self.width), side(h, self.height));
        let pixels = if channels == 1 { &self.grey() } else { &self.pixels };
        let view = resize::View { width: self.width, height: self.height, channels, pixels };
        let pixels = view.prepare(recipe, target).map_err(PhotoError::new)?;
        Ok(recipe.interleaved(&pixels))
    }

    /// The tensor that a network takes for this photo; its shape is the network's.
    ///
    /// # Errors
    ///
    /// Those of [`values`](Photo::values).
    ///
    /// ```
    /// use typenet::image::Photo;
    /// use typenet::prelude::*;
    /// use typenet::preprocessing::{Crop, Preprocessing};
    ///
    /// let photo = Photo::from_rgb(2, 2, vec![51; 12])?;
    /// let recipe = Preprocessing::new(Crop::Whole, &[0.0; 3], &[255.0; 3]);
    /// let x: Tensor<f32, Chw<3, 8, 8>> = photo.tensor(&recipe)?;
    /// assert_eq!(x.as_slice(), [0.2; 3 * 8 * 8]);
    /// # Ok::<(), typenet::image::PhotoError>(())
    /// ```
    pub fn tensor<const C: usize, const H: usize, const W: usize>(
        &self,
        recipe: &Preprocessing,
    ) -> Result<Tensor<f32, Chw<C, H, W>>, PhotoError> {
        let values = self.values(recipe, Dims::image(C, H, W))?;
        Ok(Tensor::from_parts(Chw, values))
    }

    /// As [`tensor`](Photo::tensor), for a network that takes images of any size:
    /// the photo keeps its own.
    ///
    /// # Errors
    ///
    /// Those of [`values`](Photo::values).
    pub fn tensor_dyn<const C: usize>(
        &self,
        recipe: &Preprocessing,
    ) -> Result<Tensor<f32, DynChw<C>>, PhotoError> {
        let (width, height) = (self.width, self.height);
        let values = self.values(recipe, Dims::image(C, height, width))?;
        Ok(Tensor::from_parts(DynChw { height, width }, values))
    }
}

impl core::fmt::Debug for Photo {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Photo({}×{})", self.width, self.height)
    }
}
