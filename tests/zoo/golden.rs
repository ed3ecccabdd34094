//! Every network against PyTorch, on weights from the formula.

use std::fs;
use std::path::Path;

use typenet::weights::SafeTensors;
use typenet::zoo::{ENTRIES, find};

use crate::{affordable, close, formula, planned};

const LOGITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/logits.safetensors");

/// Those that make.py stores: all, or of many every 37th.
fn stored(logits: &[f32]) -> Vec<f32> {
    logits.iter().copied().step_by(if logits.len() > 2000 { 37 } else { 1 }).collect()
}

fn compare(name: &str) {
    let entry = find(name).unwrap();
    let bytes = fs::read(Path::new(LOGITS)).unwrap();
    let expected = SafeTensors::parse(&bytes).unwrap().get(name).unwrap().to_f64().unwrap();
    let input = formula::input(entry.input.elements().unwrap());
    let model = formula::model(entry);
    close(&stored(&planned(&model).run(&input)), &expected, &format!("{name}, blocked"));
    if affordable(name, entry.macs) {
        close(
            &stored(&model.run(entry.input, &input).unwrap()),
            &expected,
            &format!("{name}, naive"),
        );
    }
}

macro_rules! golden {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            compare(stringify!($name));
        })*

        #[test]
        fn each_has_its_test() {
            let tested = [$(stringify!($name)),*];
            assert_eq!(tested.as_slice(), ENTRIES.iter().map(|entry| entry.name).collect::<Vec<_>>());
        }
    };
}

golden! {
    lenet5 lenet_caffe alexnet vgg11 vgg16 vgg19 squeezenet1_1 resnet18 resnet34 resnet50 resnet152
    resnet20_cifar10 resnet32_cifar10 resnet44_cifar10 resnet56_cifar10 resnet110_cifar10
    resnet8_tiny densenet121 mobilenet_v1 mobilenet_v1_075 mobilenet_v1_050 mobilenet_v1_025
    mobilenet_v2 efficientnet_lite0 unet
}
