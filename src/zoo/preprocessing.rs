//! From the pixels of a photo to the numbers that a network was trained on.

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

impl Preprocessing {
    /// That of torchvision's networks for ImageNet: 256 pixels, of which the
    /// middle; ImageNet's mean and deviation.
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

#[cfg(test)]
mod tests {
    use super::*;

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
