//! A zoo of networks, each a type in a file of its own.
//!
//! Where the type is known, use it: shapes are checked when the program is
//! compiled.
//!
//! ```
//! use typenet::prelude::*;
//! use typenet::zoo::{Published, ResNet20Cifar};
//!
//! const _: () = assert!(ResNet20Cifar::PARAMS == 272_282);
//! let net = ResNet20Cifar::random(7); // or ResNet20Cifar::load("weights.safetensors")?
//! let photo = vec![128; 3 * 32 * 32]; // red, green, blue: a plane each
//! let x = Tensor::from_vec(ResNet20Cifar::ENTRY.preprocessing.planes(&photo))?;
//! let class = net.forward(&x).argmax().ok_or("NaN")?;
//! println!("{}", ResNet20Cifar::ENTRY.classes.name(class).unwrap_or("?"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Where a name comes at run time, [`find`] it: every network is an [`Entry`]
//! of the list [`ENTRIES`], and an entry gives an
//! [`AnyModel`](crate::AnyModel), which [`typed`](crate::AnyModel::typed) turns back.
//!
//! ```
//! use typenet::blocked::Options;
//!
//! let entry = typenet::zoo::find("lenet5")?;
//! let model = entry.random(7); // or entry.load("lenet5.safetensors")?
//! let x = entry.preprocessing.planes(&[128; 28 * 28]);
//! let scores = model.plan(&Options::default())?.run(&x); // on the fast engine
//! let again = model.run(entry.input, &x)?; // on the naive one
//! assert!(scores.iter().zip(again).all(|(a, b)| (a - b).abs() < 1e-4));
//! # let model =
//! model.typed::<typenet::zoo::LeNet5>()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Names in weight files
//!
//! Those of torchvision where it has the network: a `state_dict` that was saved
//! there as safetensors loads as it is. Elsewhere those of the best-known
//! PyTorch port, which the network's file names.
//!
//! The DenseNets that torchvision lets one download have older names, which it changes as
//! it loads them: `norm.1` for `norm1`. Two patterns do the same here.
//!
//! ```
//! # #[cfg(feature = "safetensors")]
//! # fn main() -> Result<(), typenet::weights::BadPattern> {
//! use typenet::weights::{LoadOptions, Names};
//!
//! let names = Names::new()
//!     .pattern("features.*.*.norm.*.*", "features.*.*.norm*.*")?
//!     .pattern("features.*.*.conv.*.*", "features.*.*.conv*.*")?;
//! let old = "features.denseblock1.denselayer2.norm.1.running_var";
//! assert_eq!(names.apply(old), "features.denseblock1.denselayer2.norm1.running_var");
//! let options = LoadOptions::new().names(names);
//! // DenseNet121::load_with("densenet121-a639ec97.pth", &options)?
//! # let _ = options;
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "safetensors"))]
//! # fn main() {}
//! ```
//!
//! # Other sizes, other heads
//!
//! A network takes one size of image, that of its weights. Its convolutions
//! take any: they are a block of their own, [`Vgg16Features`], [`ResNet18Body`]
//! and so on, to be used in networks of yours.
//! [`Model::with_weights_of`](crate::Model::with_weights_of) fills them.
//!
//! ```
//! use typenet::prelude::*;
//! use typenet::zoo::{ResNet18, ResNet18Body};
//!
//! network! {
//!     /// Which of 17 flowers?
//!     struct Flowers: [3, 96, 96] -> [17] {
//!         #[name = ""] // the names in the file are those within the body
//!         body: ResNet18Body,
//!         pool: GlobalAvgPool2d,
//!         fc: Linear<512, 17>,
//!     }
//! }
//! let imagenet = ResNet18::random(1); // or ResNet18::load("resnet18.safetensors")?
//! let flowers = Flowers::random(2).with_weights_of(imagenet.as_any(), &["fc"])?;
//! # assert_eq!(flowers.parameter("conv1.weight"), imagenet.parameter("conv1.weight"));
//! # Ok::<(), typenet::error::ShapeError>(())
//! ```

#![allow(clippy::doc_markdown, reason = "names of networks and data sets are no code")]

mod alexnet;
mod classes;
mod densenet;
mod efficientnet_lite0;
mod entry;
mod lenet;
mod mobilenet_v1;
mod mobilenet_v2;
mod resnet;
mod resnet8_tiny;
mod resnet_cifar;
mod squeezenet;
mod unet;
mod vgg;

pub use crate::preprocessing::{Crop, Preprocessing};
pub use alexnet::{AlexNet, AlexNetFeatures};
pub use classes::Classes;
pub use densenet::{
    DenseBlock1, DenseBlock2, DenseBlock3, DenseBlock4, DenseLayer, DenseNet121,
    DenseNet121Features, Transition,
};
pub use efficientnet_lite0::{
    EfficientNetLite0, EfficientNetLite0Body, MbConv, MbConvFirst, MbConvResidual,
};
pub use entry::{Entry, Published, UnknownName, find};
pub use lenet::{LeNet5, LeNet5Features, LeNetCaffe, LeNetCaffeFeatures};
pub use mobilenet_v1::{
    DepthwiseSeparable, MobileNetV1, MobileNetV1Body, MobileNetV1Full, MobileNetV1Half,
    MobileNetV1Of, MobileNetV1Quarter, MobileNetV1ThreeQuarters, MobileNetV1x025, MobileNetV1x050,
    MobileNetV1x075,
};
pub use mobilenet_v2::{
    ConvNorm6, Inverted, InvertedResidual, MobileNetV2, MobileNetV2Features, Separable,
};
pub use resnet::{
    BasicBlock, BasicBody, BasicProjection, BasicResNet, Bottleneck, BottleneckBody,
    BottleneckProjection, BottleneckResNet, ResNet18, ResNet18Body, ResNet34, ResNet34Body,
    ResNet50, ResNet50Body, ResNet152, ResNet152Body,
};
pub use resnet_cifar::{
    CifarBlock, CifarProjection, ResNet20Cifar, ResNet32Cifar, ResNet44Cifar, ResNet56Cifar,
    ResNet110Cifar, ResNetCifar, ResNetCifarBody,
};
pub use resnet8_tiny::{ResNet8Tiny, ResNet8TinyBody, TinyProjection};
pub use squeezenet::{Fire, SqueezeNet1_1, SqueezeNet1_1Features};
pub use unet::{DoubleConv, UNet, UNetBody};
pub use vgg::{
    ConvRelu, Vgg11, Vgg11Features, Vgg16, Vgg16Features, Vgg19, Vgg19Features, VggClassifier,
};

/// Every network of the zoo.
pub const ENTRIES: &[Entry] = &[
    LeNet5::ENTRY,
    LeNetCaffe::ENTRY,
    AlexNet::ENTRY,
    Vgg11::ENTRY,
    Vgg16::ENTRY,
    Vgg19::ENTRY,
    SqueezeNet1_1::ENTRY,
    ResNet18::ENTRY,
    ResNet34::ENTRY,
    ResNet50::ENTRY,
    ResNet152::ENTRY,
    ResNet20Cifar::ENTRY,
    ResNet32Cifar::ENTRY,
    ResNet44Cifar::ENTRY,
    ResNet56Cifar::ENTRY,
    ResNet110Cifar::ENTRY,
    ResNet8Tiny::ENTRY,
    DenseNet121::ENTRY,
    MobileNetV1::ENTRY,
    MobileNetV1x075::ENTRY,
    MobileNetV1x050::ENTRY,
    MobileNetV1x025::ENTRY,
    MobileNetV2::ENTRY,
    EfficientNetLite0::ENTRY,
    UNet::ENTRY,
];
