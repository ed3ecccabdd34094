//! New heads and other sizes on trained bodies.

use typenet::prelude::*;
use typenet::spec::Dims;
use typenet::zoo::{ResNet20Cifar, ResNetCifarBody, UNetBody, Vgg11Features};

network! {
    /// Two classes instead of ten, on images of any size.
    struct CatOrDog: [3, Dyn, Dyn] -> [2] {
        #[name = ""]
        body: ResNetCifarBody<3>,
        pool: GlobalAvgPool2d,
        linear: Linear<64, 2>,
    }
}

network! {
    /// VGG's convolutions on larger images: a map of classes.
    struct VggMap: [3, 256, 320] -> [512, 8, 10] {
        features: Vgg11Features,
    }
}

#[test]
fn a_new_head_on_a_trained_body() {
    let trained = ResNet20Cifar::random(1);
    let net = CatOrDog::random(2).with_weights_of(trained.as_any(), &["linear"]).unwrap();
    for param in net.as_any().graph().params() {
        let (own, other) = (net.parameter(&param.name), trained.parameter(&param.name));
        assert_eq!(own == other, !param.name.starts_with("linear."), "{}", param.name);
    }
    let x = Tensor::zeros_with_shape(DynChw::<3> { height: 40, width: 24 }).unwrap();
    assert_eq!(net.forward(&x).unwrap().as_slice().len(), 2);
}

#[test]
fn nothing_is_passed_over() {
    let trained = ResNet20Cifar::random(1);
    let error = |but| CatOrDog::random(2).with_weights_of(trained.as_any(), but).unwrap_err();
    assert_eq!(error(&[]).to_string(), "`linear.weight` is 2×64 here, but 10×64 there");
    assert_eq!(error(&["fc"]).to_string(), "no layer with weights is called `fc`");
}

#[test]
fn the_convolutions_take_any_size() {
    assert_eq!(VggMap::PARAMS, 9_220_480);
    assert_eq!(VggMap::summary().rows().last().unwrap().output.to_string(), "512×8×10");
}

#[test]
fn a_unet_takes_multiples_of_16() {
    let legal = |size| AnyModel::<f32>::random(UNetBody::SPEC, Dims::image(3, 16, size), 0).is_ok();
    assert_eq!((1..=65).filter(|&size| legal(size)).collect::<Vec<_>>(), [16, 32, 48, 64]);
}
