//! The networks of the peers' table, batch normalisation folded.

use typenet::spec::{Dims, Join, Op, Spec};

use crate::reference::{branch, chain, conv, grouped, linear, max_pool, op, relu};

/// Name, network and input of each.
pub fn all() -> Vec<(String, Spec<'static>, Dims)> {
    let image = Dims::image(3, 224, 224);
    vec![
        ("lenet5".into(), lenet(), Dims::image(1, 28, 28)),
        ("alexnet".into(), alexnet(), image),
        ("resnet18".into(), resnet(&[2, 2, 2, 2], false), image),
        ("resnet50".into(), resnet(&[3, 4, 6, 3], true), image),
        ("mobilenet".into(), mobilenet(), image),
        ("vgg16".into(), vgg16(), image),
    ]
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

/// `MobileNetV2`, with `Relu` where it has `Relu6` (the same cost).
fn mobilenet() -> Spec<'static> {
    let mut parts = vec![("stem", conv(3, 32, 3, 2, 1)), ("relu", relu())];
    let mut channels = 32;
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
            let inner = channels * expand;
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
    parts.push(("last", conv(320, 1280, 1, 1, 0)));
    parts.push(("relu", relu()));
    parts.push(("mean", op(Op::GlobalAvgPool2d)));
    parts.push(("fc", linear(1280, 1000)));
    chain(parts)
}
