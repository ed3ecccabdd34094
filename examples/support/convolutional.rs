//! The networks of the zoo that give one answer an image, as convolutions alone.

use std::error::Error;

use typenet::explain::fully_conv::FullyConv;
use typenet::graph::Graph;
use typenet::spec::{Dims, Spec};
#[allow(clippy::wildcard_imports, reason = "a table of nearly all")]
use typenet::zoo::*;
use typenet::{AnyModel, Describe};

/// Name and description.
type Row = (&'static str, &'static Spec<'static>);

const fn row<N: Published>() -> Row {
    (N::ENTRY.name, <FullyConv<N> as Describe>::SPEC)
}

const ROWS: &[Row] = &[
    row::<LeNet5>(),
    row::<LeNetCaffe>(),
    row::<AlexNet>(),
    row::<Vgg11>(),
    row::<Vgg16>(),
    row::<Vgg19>(),
    row::<SqueezeNet1_1>(),
    row::<ResNet18>(),
    row::<ResNet34>(),
    row::<ResNet50>(),
    row::<ResNet152>(),
    row::<ResNet20Cifar>(),
    row::<ResNet32Cifar>(),
    row::<ResNet44Cifar>(),
    row::<ResNet56Cifar>(),
    row::<ResNet110Cifar>(),
    row::<ResNet8Tiny>(),
    row::<DenseNet121>(),
    row::<MobileNetV1>(),
    row::<MobileNetV1x075>(),
    row::<MobileNetV1x050>(),
    row::<MobileNetV1x025>(),
    row::<MobileNetV2>(),
    row::<EfficientNetLite0>(),
];

/// The network called `name` as convolutions alone; `None` where it is that already.
pub(crate) fn spec(name: &str) -> Option<&'static Spec<'static>> {
    ROWS.iter().find(|row| row.0 == name).map(|row| row.1)
}

/// A network as convolutions alone, for larger images: the same weights.
pub(crate) fn model(
    entry: &Entry,
    model: &AnyModel,
    dims: Dims,
) -> Result<AnyModel, Box<dyn Error>> {
    let spec = spec(entry.name)
        .ok_or_else(|| format!("`{}` gives no single answer for an image", entry.name))?;
    let graph = Graph::new(spec, dims)?;
    let values = graph.params().iter().map(|param| {
        let values = model.parameter(&param.name).map(<[f32]>::to_vec);
        values.ok_or_else(|| format!("`{}` has another name", param.name))
    });
    let values = values.collect::<Result<_, _>>()?;
    Ok(AnyModel::from_parameters(graph, values)?)
}
