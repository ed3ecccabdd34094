//! A small U-Net, which labels every pixel.
//!
//! Ronneberger, Fischer, Brox, "U-Net: convolutional networks for biomedical
//! image segmentation", 2015, with a quarter of the channels, padded so that the
//! size stays, and with batch norm. Four times the image is halved and doubled
//! again; each time what was there before joins in. So height and width must be
//! multiples of 16: others do not compile, for the arms of a `Concat` differ.

use super::{Classes, Crop, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// Twice a 3×3 convolution, its batch norm and a rectifier.
    pub struct DoubleConv<const I: usize, const O: usize> {
        conv1: Conv2d<I, O, K = 3, P = 1, BIAS = false>,
        bn1: BatchNorm2d<_>,
        relu1: Relu,
        conv2: Conv2d<O, O, K = 3, P = 1, BIAS = false>,
        bn2: BatchNorm2d<_>,
        relu2: Relu,
    }
}

network! {
    /// From a coloured image to 16 channels of the same size: multiples of 16.
    pub struct UNetBody {
        down1: DoubleConv<3, 16>,
        Concat {
            same: Identity,
            #[name = ""]
            half: {
                pool1: MaxPool2d<K = 2>,
                down2: DoubleConv<16, 32>,
                Concat {
                    same: Identity,
                    #[name = ""]
                    quarter: {
                        pool2: MaxPool2d<K = 2>,
                        down3: DoubleConv<32, 64>,
                        Concat {
                            same: Identity,
                            #[name = ""]
                            eighth: {
                                pool3: MaxPool2d<K = 2>,
                                down4: DoubleConv<64, 128>,
                                Concat {
                                    same: Identity,
                                    #[name = ""]
                                    sixteenth: {
                                        pool4: MaxPool2d<K = 2>,
                                        bottom: DoubleConv<128, 256>,
                                        enlarge4: ConvTranspose2d<256, 128, K = 2, S = 2>,
                                    },
                                },
                                up4: DoubleConv<256, 128>,
                                enlarge3: ConvTranspose2d<128, 64, K = 2, S = 2>,
                            },
                        },
                        up3: DoubleConv<128, 64>,
                        enlarge2: ConvTranspose2d<64, 32, K = 2, S = 2>,
                    },
                },
                up2: DoubleConv<64, 32>,
                enlarge1: ConvTranspose2d<32, 16, K = 2, S = 2>,
            },
        },
        up1: DoubleConv<32, 16>,
    }
}

network! {
    /// A U-Net that tells foreground from background.
    pub struct UNet: [3, 128, 128] -> [2, 128, 128] {
        #[name = ""]
        body: UNetBody,
        head: Conv2d<16, 2, K = 1>,
    }
}

const _: () = assert!(UNet::PARAMS == 1_942_594);

impl Published for UNet {
    const ENTRY: Entry = Entry::of::<Self>(
        "unet",
        "Ronneberger et al., 2015, arXiv:1505.04597",
        Preprocessing::new(Crop::Whole, &[0.0; 3], &[255.0; 3]),
        Classes::new("background\nforeground"),
    );
}
