//! From the pixels of a photo to the numbers that a network was trained on.
//!
//! A recipe is data: the networks of the zoo carry theirs, and the feature `image`
//! follows it from a file on. What a recipe means in pixels is worked out here, in
//! numbers that can be compared with other systems.

use alloc::vec::Vec;

/// How a network wants its images: which part of a photo, and how a pixel from
/// 0 to 255 becomes a number, (pixel − mean) / scale, channel by channel.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub struct Preprocessing {
    /// The part of the photo.
    pub crop: Crop,
    /// What is subtracted: one number a channel (grey, or red, green and blue).
    pub mean: &'static [f64],
    /// What it is divided by then.
    pub scale: &'static [f64],
}

/// The part of a photo that the network sees.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub enum Crop {
    /// All of it, resized.
    Whole,
    /// The shorter side is resized to so many pixels (bilinear), and the middle
    /// cut out, as torchvision does.
    ShorterSide(usize),
    /// So much of the shorter side, from the middle, resized at once (bicubic),
    /// as TensorFlow does.
    Central(f64),
}

/// How the pixels of a photo become those of a smaller or larger one. Both filters
/// widen when a photo shrinks, so that no pixel is left out (antialiasing), as in
/// Pillow, and as in torchvision with `antialias=True`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filter {
    /// A triangle: Pillow's `BILINEAR`.
    Bilinear,
    /// A cubic with a = −0.5: Pillow's `BICUBIC`.
    Bicubic,
}

/// What a recipe does to a photo of one size: a box of it is resized, and a part
/// of the result cut out.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub struct Geometry {
    /// The box, in pixels of the photo: left, top, right, bottom.
    pub from: [f64; 4],
    /// Width and height that the box is resized to.
    pub resized: (usize, usize),
    /// How.
    pub filter: Filter,
    /// Left and top of the part that is cut out of that.
    pub cut: (usize, usize),
}

impl Preprocessing {
    /// What this recipe does to a photo of `width` × `height` pixels to make one of
    /// `target`; `None` if the part to be cut out would reach past what there is.
    ///
    /// ```
    /// use typenet::preprocessing::Preprocessing;
    ///
    /// // torchvision: Resize(256), CenterCrop(224).
    /// let geometry = Preprocessing::IMAGENET.geometry((640, 480), (224, 224)).ok_or("too small")?;
    /// assert_eq!(geometry.resized, (341, 256));
    /// assert_eq!(geometry.cut, (58, 16));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn geometry(
        &self,
        (width, height): (usize, usize),
        target: (usize, usize),
    ) -> Option<Geometry> {
        let (w, h) = (width as f64, height as f64);
        let whole = [0.0, 0.0, w, h];
        Some(match self.crop {
            Crop::Whole => {
                Geometry { from: whole, resized: target, filter: Filter::Bilinear, cut: (0, 0) }
            }
            Crop::Central(part) => {
                let side = part * w.min(h);
                let (x, y) = ((w - side) / 2.0, (h - side) / 2.0);
                let from = [x, y, x + side, y + side];
                Geometry { from, resized: target, filter: Filter::Bicubic, cut: (0, 0) }
            }
            Crop::ShorterSide(side) => {
                // The longer side is cut to whole pixels, not rounded.
                let longer =
                    |long: usize, short: usize| Some(side.checked_mul(long)? / short.max(1));
                let resized = if width <= height {
                    (side, longer(height, width)?)
                } else {
                    (longer(width, height)?, side)
                };
                let cut = (
                    half_to_even(resized.0.checked_sub(target.0)?),
                    half_to_even(resized.1.checked_sub(target.1)?),
                );
                Geometry { from: whole, resized, filter: Filter::Bilinear, cut }
            }
        })
    }

    /// That of torchvision's networks for `ImageNet`: 256 pixels, of which the
    /// middle; `ImageNet`'s mean and deviation.
    pub const IMAGENET: Self = Self {
        crop: Crop::ShorterSide(256),
        mean: &[0.485 * 255.0, 0.456 * 255.0, 0.406 * 255.0],
        scale: &[0.229 * 255.0, 0.224 * 255.0, 0.225 * 255.0],
    };

    /// A recipe of your own: a mean and a scale for each channel.
    pub const fn new(crop: Crop, mean: &'static [f64], scale: &'static [f64]) -> Self {
        Self { crop, mean, scale }
    }

    /// The channels of an image: 1 (grey) or 3 (red, green, blue).
    pub const fn channels(&self) -> usize {
        self.mean.len()
    }

    /// One pixel's value in one channel; a channel that is not there counts as
    /// the last.
    pub fn value(&self, channel: usize, pixel: u8) -> f32 {
        let of = |all: &[f64], or| all.get(channel).or(all.last()).copied().unwrap_or(or);
        ((f64::from(pixel) - of(self.mean, 0.0)) / of(self.scale, 1.0)) as f32
    }

    /// An image that is stored channel by channel.
    pub fn planes(&self, pixels: &[u8]) -> Vec<f32> {
        let plane = (pixels.len() / self.channels().max(1)).max(1);
        pixels.iter().enumerate().map(|(i, &pixel)| self.value(i / plane, pixel)).collect()
    }

    /// An image that is stored pixel by pixel, as decoders give it; what comes
    /// out is stored channel by channel.
    pub fn interleaved(&self, pixels: &[u8]) -> Vec<f32> {
        let channels = self.channels().max(1);
        let plane = |c: usize| pixels.iter().skip(c).step_by(channels).map(move |&p| (c, p));
        (0..channels).flat_map(plane).map(|(c, pixel)| self.value(c, pixel)).collect()
    }
}

/// Half of `n`, rounded as Python rounds: halves go to the even neighbour.
const fn half_to_even(n: usize) -> usize {
    n / 2 + (n % 4 == 3) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_as_in_python() {
        assert_eq!([0, 1, 2, 3, 4, 5, 7].map(half_to_even), [0, 0, 1, 2, 2, 2, 4]);
    }

    #[test]
    #[allow(clippy::float_cmp, reason = "quarters are exact")]
    fn the_middle_is_cut_out() {
        let lite = Preprocessing::new(Crop::Central(0.875), &[127.0; 3], &[128.0; 3]);
        let geometry = lite.geometry((451, 300), (224, 224)).unwrap();
        assert_eq!(geometry.from, [94.25, 18.75, 356.75, 281.25]);
        assert_eq!(Preprocessing::IMAGENET.geometry((300, 200), (224, 300)), None);
        let tall = Preprocessing::IMAGENET.geometry((500, 751), (224, 224)).unwrap();
        assert_eq!((tall.resized, tall.cut), ((256, 384), (16, 80)));
    }

    #[test]
    fn pixel_by_pixel_or_channel_by_channel() {
        let all = Preprocessing::IMAGENET;
        let red = all.planes(&[255, 0, 0, 0, 0, 0]);
        assert_eq!(red, all.interleaved(&[255, 0, 0, 0, 0, 0]).as_slice());
        let two = all.interleaved(&[1, 2, 3, 4, 5, 6]);
        assert_eq!(two, all.planes(&[1, 4, 2, 5, 3, 6]));
        assert!((f64::from(all.value(0, 255)) - (1.0 - 0.485) / 0.229).abs() < 1e-6);
    }
}
