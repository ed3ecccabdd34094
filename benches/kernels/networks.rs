//! The networks of the peers' table, batch normalisation folded.

use typenet::spec::{Activation, Dims, Join, Op, Spec};

use crate::reference::{branch, chain, conv, grouped, linear, max_pool, op, relu};

/// Name, network and input of each.
pub fn all() -> Vec<(String, Spec<'static>, Dims)> {
    let image = Dims::image(3, 224, 224);
    vec![
        ("lenet5".into(), lenet(), Dims::image(1, 28, 28)),
        ("alexnet".into(), alexnet(), image),
        ("resnet18".into(), resnet(&[2, 2, 2, 2], false), image),
        ("resnet50".into(), resnet(&[3, 4, 6, 3], true), image),
        ("mobilenet".into(), mobilenet(100), image),
        ("vgg16".into(), vgg16(), image),
    ]
}

/// Sizes that no kernel was made for: small and oblong images, width multipliers,
/// odd numbers of channels.
pub fn odd() -> Vec<(String, Spec<'static>, Dims)> {
    let image = |h, w| Dims::image(3, h, w);
    vec![
        ("odd_resnet18_96".into(), resnet(&[2, 2, 2, 2], false), image(96, 96)),
        ("odd_resnet18_300x200".into(), resnet(&[2, 2, 2, 2], false), image(300, 200)),
        ("odd_resnet50_96".into(), resnet(&[3, 4, 6, 3], true), image(96, 96)),
        ("odd_mobilenet_96".into(), mobilenet(100), image(96, 96)),
        ("odd_mobilenet_0.35".into(), mobilenet(35), image(224, 224)),
        ("odd_mobilenet_0.75_192".into(), mobilenet(75), image(192, 192)),
        ("odd_mobilenet_1.4".into(), mobilenet(140), image(224, 224)),
        ("odd_mobilenet_300x200".into(), mobilenet(100), image(300, 200)),
        ("odd_chain".into(), odd_chain(), image(75, 101)),
        ("odd_groups".into(), resnext(), image(112, 112)),
    ]
}

/// Channels that fill no block, kernels of all sizes.
fn odd_chain() -> Spec<'static> {
    chain(vec![
        ("a", conv(3, 20, 5, 2, 2)),
        ("relu", relu()),
        ("b", conv(20, 37, 3, 1, 1)),
        ("relu", relu()),
        ("c", conv(37, 75, 3, 2, 0)),
        ("relu", relu()),
        ("d", conv(75, 90, 1, 1, 0)),
        ("relu", relu()),
        ("e", conv(90, 130, 5, 1, 1)),
        ("relu", relu()),
        ("f", conv(130, 70, 3, 3, 1)),
        ("mean", op(Op::GlobalAvgPool2d)),
        ("fc", linear(70, 77)),
    ])
}

/// Some blocks of `ResNeXt`: 32 groups of four channels and more.
fn resnext() -> Spec<'static> {
    let mut parts = vec![("stem", conv(3, 64, 7, 2, 3)), ("relu", relu())];
    let mut channels = 64;
    for (c, stride) in [(128, 1), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)] {
        let down = (stride > 1 || channels != 2 * c).then(|| conv(channels, 2 * c, 1, stride, 0));
        let body = vec![
            ("conv1", conv(channels, c, 1, 1, 0)),
            ("relu1", relu()),
            ("conv2", grouped(c, c, 32, 3, stride, 1)),
            ("relu2", relu()),
            ("conv3", conv(c, 2 * c, 1, 1, 0)),
        ];
        parts.push(("block", block(body, down)));
        channels = 2 * c;
    }
    chain(parts)
}

fn lenet() -> Spec<'static> {
    chain(vec![
        ("conv1", conv(1, 6, 5, 1, 2)),
        ("relu1", relu()),
        ("pool1", max_pool(2, 2, 0)),
        ("conv2", conv(6, 16, 5, 1, 0)),
        ("relu2", relu()),
        ("pool2", max_pool(2, 2, 0)),
        ("flatten", op(Op::Flatten)),
        ("fc1", linear(400, 120)),
        ("relu3", relu()),
        ("fc2", linear(120, 84)),
        ("relu4", relu()),
        ("fc3", linear(84, 10)),
    ])
}

fn head(inputs: usize) -> Vec<(&'static str, Spec<'static>)> {
    vec![
        ("flatten", op(Op::Flatten)),
        ("fc6", linear(inputs, 4096)),
        ("relu6", relu()),
        ("fc7", linear(4096, 4096)),
        ("relu7", relu()),
        ("fc8", linear(4096, 1000)),
    ]
}

fn alexnet() -> Spec<'static> {
    let mut parts = vec![
        ("conv1", conv(3, 64, 11, 4, 2)),
        ("relu1", relu()),
        ("pool1", max_pool(3, 2, 0)),
        ("conv2", conv(64, 192, 5, 1, 2)),
        ("relu2", relu()),
        ("pool2", max_pool(3, 2, 0)),
        ("conv3", conv(192, 384, 3, 1, 1)),
        ("relu3", relu()),
        ("conv4", conv(384, 256, 3, 1, 1)),
        ("relu4", relu()),
        ("conv5", conv(256, 256, 3, 1, 1)),
        ("relu5", relu()),
        ("pool5", max_pool(3, 2, 0)),
    ];
    parts.extend(head(9216));
    chain(parts)
}

fn vgg16() -> Spec<'static> {
    let mut parts = vec![];
    let mut channels = 3;
    for (outputs, count) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
        for _ in 0..count {
            parts.push(("conv", conv(channels, outputs, 3, 1, 1)));
            parts.push(("relu", relu()));
            channels = outputs;
        }
        parts.push(("pool", max_pool(2, 2, 0)));
    }
    parts.extend(head(25088));
    chain(parts)
}

/// A sum of `body` and the input, or a 1×1 convolution of it.
fn block(body: Vec<(&'static str, Spec<'static>)>, down: Option<Spec<'static>>) -> Spec<'static> {
    let short = chain(down.into_iter().map(|down| ("down", down)).collect());
    chain(vec![("sum", branch(Join::Add, vec![chain(body), short])), ("relu", relu())])
}

fn resnet(stages: &[usize], bottleneck: bool) -> Spec<'static> {
    let mut parts =
        vec![("stem", conv(3, 64, 7, 2, 3)), ("relu", relu()), ("pool", max_pool(3, 2, 1))];
    let wide = if bottleneck { 4 } else { 1 };
    let mut channels = 64;
    for (stage, &count) in stages.iter().enumerate() {
        let c = 64 << stage;
        for n in 0..count {
            let stride = if n == 0 && stage > 0 { 2 } else { 1 };
            let down = (stride > 1 || channels != c * wide)
                .then(|| conv(channels, c * wide, 1, stride, 0));
            let body = if bottleneck {
                vec![
                    ("conv1", conv(channels, c, 1, 1, 0)),
                    ("relu1", relu()),
                    ("conv2", conv(c, c, 3, stride, 1)),
                    ("relu2", relu()),
                    ("conv3", conv(c, c * 4, 1, 1, 0)),
                ]
            } else {
                vec![
                    ("conv1", conv(channels, c, 3, stride, 1)),
                    ("relu1", relu()),
                    ("conv2", conv(c, c, 3, 1, 1)),
                ]
            };
            parts.push(("block", block(body, down)));
            channels = c * wide;
        }
    }
    parts.push(("mean", op(Op::GlobalAvgPool2d)));
    parts.push(("fc", linear(channels, 1000)));
    chain(parts)
}

/// `MobileNetV2` with so many percent of the channels.
fn mobilenet(percent: usize) -> Spec<'static> {
    let relu = || op(Op::Activation(Activation::Relu6));
    let wide = |channels: usize| ((channels * percent + 400) / 800).max(1) * 8;
    let mut channels = wide(32);
    let mut parts = vec![("stem", conv(3, channels, 3, 2, 1)), ("relu", relu())];
    for (expand, outputs, count, stride) in [
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ] {
        for n in 0..count {
            let stride = if n == 0 { stride } else { 1 };
            let (inner, outputs) = (channels * expand, wide(outputs));
            let mut body = vec![];
            if expand > 1 {
                body.push(("expand", conv(channels, inner, 1, 1, 0)));
                body.push(("relu1", relu()));
            }
            body.push(("depthwise", grouped(inner, inner, inner, 3, stride, 1)));
            body.push(("relu2", relu()));
            body.push(("project", conv(inner, outputs, 1, 1, 0)));
            let body = chain(body);
            let part = if stride == 1 && channels == outputs {
                branch(Join::Add, vec![body, chain(vec![])])
            } else {
                body
            };
            parts.push(("block", part));
            channels = outputs;
        }
    }
    parts.push(("last", conv(channels, 1280, 1, 1, 0)));
    parts.push(("relu", relu()));
    parts.push(("mean", op(Op::GlobalAvgPool2d)));
    parts.push(("fc", linear(1280, 1000)));
    chain(parts)
}
