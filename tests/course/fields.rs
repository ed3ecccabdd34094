//! Receptive fields: the figures of papers, and every pixel by brute force.

use typenet::explain::receptive_field::{Field, ReceptiveField, Rectangle, Stride};
use typenet::explain::receptive_field::{behind, of, pixels, rectangle, seen, table};
use typenet::graph::NodeKind;
use typenet::prelude::*;
use typenet::spec::{Axis, Dims, Op};
use typenet::zoo::{self, AlexNet, MobileNetV1, ResNet50, UNet, Vgg16};

use super::slim::{AlexNetV2Features, ResNetV1x50Features};

/// Size, stride and effective padding, alike on both axes.
const fn is(field: ReceptiveField, size: u64, stride: u64, padding: u64) -> bool {
    const fn axis(field: Field, size: u64, stride: u64, padding: u64) -> bool {
        let Stride { pixels, cells } = field.stride;
        field.size == size && pixels == stride && cells == 1 && field.padding() == padding
    }
    axis(field.h, size, stride, padding) && axis(field.w, size, stride, padding)
}

// Araujo, Norris, Sim, 2019, table 1; those of torchvision's variants derived by hand.
const _: () = {
    assert!(is(behind(Vgg16::SPEC, Vgg16::INPUT, "features.pool5"), 212, 32, 90));
    assert!(is(behind(AlexNet::SPEC, AlexNet::INPUT, "features"), 195, 32, 66));
    assert!(is(behind(ResNet50::SPEC, ResNet50::INPUT, "layer4"), 427, 32, 213));
    assert!(is(behind(MobileNetV1::SPEC, MobileNetV1::INPUT, "block13"), 315, 32, 126));
    assert!(is(AlexNetV2Features::FIELD, 195, 32, 64));
    assert!(is(ResNetV1x50Features::FIELD, 483, 32, 239));
};

/// The three lines of the module's page, for chains of windows.
#[test]
fn the_formula_agrees_with_the_walk() {
    for name in ["vgg16", "alexnet", "mobilenet_v1", "lenet5", "lenet_caffe", "mobilenet_v1_025"] {
        let graph = zoo::find(name).unwrap().graph();
        let mut field = ReceptiveField {
            h: Field { size: 1, stride: Stride { pixels: 1, cells: 1 }, start: 0 },
            w: Field { size: 1, stride: Stride { pixels: 1, cells: 1 }, start: 0 },
        };
        for (node, found) in graph.nodes().iter().zip(table(&graph)) {
            let (window, arrives) = match node.kind {
                NodeKind::Op(Op::Conv2d(conv)) => (conv.window, graph.dims_of(node.inputs[0])),
                NodeKind::Op(Op::MaxPool2d(pool)) => (pool.window, graph.dims_of(node.inputs[0])),
                NodeKind::Op(op) if op.keeps_shape() => (window(1), graph.dims_of(node.inputs[0])),
                _ => break,
            };
            let Dims::Image { h, w, .. } = arrives else { panic!("{name}") };
            field.h = further(field.h, window.h, h.or_zero());
            field.w = further(field.w, window.w, w.or_zero());
            assert_eq!(found, field, "{name} {}", node.name);
        }
    }
}

fn window(kernel: usize) -> typenet::spec::Window {
    typenet::spec::Window::square(Axis::new(kernel, 1, 0))
}

fn further(field: Field, axis: Axis, size: usize) -> Field {
    let Field { size: r, stride: Stride { pixels: j, .. }, start: u } = field;
    let (before, _) = axis.pads(size).unwrap();
    Field {
        size: r + axis.dilation as u64 * (axis.kernel as u64 - 1) * j,
        stride: Stride { pixels: j * axis.stride as u64, cells: 1 },
        start: u - before.cast_signed() as i64 * j.cast_signed(),
    }
}

/// The description and the graph give the same for every layer of the zoo.
#[test]
fn both_readers_agree() {
    for entry in zoo::ENTRIES {
        let graph = entry.graph();
        let fields = table(&graph);
        for (node, field) in graph.nodes().iter().zip(&fields) {
            // An unnamed layer shares its name with the part it is in.
            let same_name = graph.nodes().iter().filter(|other| other.name == node.name).count();
            let part = graph.nodes().iter().any(|other| {
                other.name.strip_prefix(&node.name).is_some_and(|rest| rest.starts_with('.'))
            });
            if same_name == 1 && !part && !matches!(node.kind, NodeKind::Join(_)) {
                let found = behind(entry.spec, entry.input, &node.name);
                assert_eq!(found, *field, "{} {}", entry.name, node.name);
            }
        }
        assert_eq!(of(entry.spec, entry.input), *fields.last().unwrap(), "{}", entry.name);
    }
}

/// After two halvings and two doublings a cell sees 5/2 … of what one of the
/// smallest map does; the strides are fractions on the way.
#[test]
fn maps_that_grow() {
    let graph = zoo::find("unet").unwrap().graph();
    let fields = table(&graph);
    let strides: Vec<String> = fields.iter().map(|field| field.h.stride.to_string()).collect();
    assert!(strides.iter().any(|stride| stride == "16"));
    assert_eq!(strides.last().unwrap(), "1");
    network! {
        struct Grow: [1, 4, 4] -> [1, 8, 8] { up: Upsample<SCALE = 2>, conv: Conv2d<1, 1, K = 3, P = 1> }
    }
    let expected = Field { size: 2, stride: Stride { pixels: 1, cells: 2 }, start: -1 };
    assert_eq!(Grow::FIELD.h, expected);
    assert_eq!(UNet::FIELD, *fields.last().unwrap());
}

network! {
    /// Every kind of window, with holes: strides beyond kernels, dilation, ceilings,
    /// uneven padding, arms that differ, and maps that grow.
    struct Odd: [2, 19, 23] {
        holes: Conv2d<2, 3, K = (2, 3), S = (3, 2), P = ((1, 0), (2, 1))>,
        Concat {
            tall: { conv: Conv2d<3, 2, K = (3, 1), P = ((1, 1), (0, 0))> },
            wide: { conv: Conv2d<3, 2, K = (1, 5), D = (1, 2), P = ((0, 0), (4, 4))> },
            far: { pool: MaxPool2d<K = 3, S = 1, P = 1>, pad: Pad2d<P = 1>, cut: Conv2d<3, 1, K = 3> },
        },
        grow: ConvTranspose2d<5, 2, K = 2, S = 3>,
        relu: Relu,
        double: Upsample<SCALE = 2, MODE = Bilinear>,
        same: Conv2d<2, 4, K = 3, S = 2, P = Same>,
        shuffle: PixelShuffle<R = 2>,
        pool: MaxPool2d<K = 3, S = 2, CEIL = true>,
        Scale { gate: Conv2d<1, 1, K = 3, P = 1> },
    }
}

network! {
    /// The same without what has holes.
    struct Plain: [1, 13, 11] {
        same: Conv2d<1, 2, K = 3, S = 2, P = Same>,
        Residual { conv1: Conv2d<2, 2, K = 3, P = 1>, conv2: Conv2d<2, 2, K = 3, P = 1> },
        pool: AvgPool2d<K = 3, S = 2, P = 1>,
        nearest: Upsample<SCALE = 2>,
        conv: Conv2d<2, 1, K = 2>,
    }
}

/// Whether each channel, and so each value, of a map is a number.
fn numbers<const N: usize>(dims: Dims, values: &[f32], at: [usize; N]) -> bool {
    let Dims::Image { c, h, w } = dims else { panic!("{dims}") };
    let plane = h.or_zero() * w.or_zero();
    let cell = at[0] * w.or_zero() + at[1];
    (0..c).all(|c| !values[c * plane + cell].is_nan())
}

/// The sizes of an image.
fn sides(dims: Dims) -> Option<[usize; 2]> {
    match dims {
        Dims::Image { h, w, .. } => Some([h.or_zero(), w.or_zero()]),
        _ => None,
    }
}

/// What every node gives where the one pixel is NaN.
fn poisoned(model: &AnyModel, [row, column]: [usize; 2]) -> Vec<(Dims, Vec<f32>)> {
    let input = model.graph().input();
    let [h, w] = sides(input).unwrap();
    let mut x = vec![1.0; input.elements().unwrap()];
    for plane in x.chunks_mut(h * w) {
        plane[row * w + column] = f32::NAN;
    }
    let mut all = Vec::new();
    model.run_with(input, &x, |_, dims, values| all.push((dims, values.to_vec()))).unwrap();
    all
}

/// Every pixel, every cell of every layer: the NaN is where the pixel is seen.
fn check_all(model: &AnyModel) {
    let graph = model.graph();
    let [h, w] = sides(graph.input()).unwrap();
    let fields: Vec<Vec<_>> = (0..graph.nodes().len())
        .map(|node| {
            let [h, w] = sides(graph.nodes()[node].dims).unwrap();
            (0..h * w).map(|cell| pixels(graph, node, [cell / w, cell % w])).collect()
        })
        .collect();
    let (mut seen, mut unseen) = (0, 0);
    for pixel in 0..h * w {
        let pixel = [pixel / w, pixel % w];
        for (node, (dims, values)) in poisoned(model, pixel).iter().enumerate() {
            let [_, width] = sides(*dims).unwrap();
            for (cell, field) in fields[node].iter().enumerate() {
                let at = [cell / width, cell % width];
                let name = &graph.nodes()[node].name;
                let is = field.contains(pixel);
                assert_eq!(is, !numbers(*dims, values, at), "{name} {at:?} {pixel:?}");
                if is { seen += 1 } else { unseen += 1 }
            }
        }
    }
    println!("{seen} pairs of cell and pixel see each other, {unseen} do not");
    assert!(seen > 1000 && unseen > 1000);
}

#[test]
fn every_pixel_of_odd_networks() {
    check_all(Odd::random(3).as_any());
    check_all(Plain::random(4).as_any());
}

/// Without holes the const rectangle is exact; with holes it holds all pixels.
#[test]
fn rectangles() {
    for (graph, spec, exact) in [
        (Plain::random(0).as_any().graph(), Plain::SPEC, true),
        (Odd::random(0).as_any().graph(), Odd::SPEC, false),
    ] {
        for (index, node) in graph.nodes().iter().enumerate() {
            if let NodeKind::Join(_) = node.kind {
                continue;
            }
            let [h, w] = sides(node.dims).unwrap();
            for cell in (0..h * w).map(|cell| [cell / w, cell % w]) {
                let bound = seen(spec, graph.input(), &node.name, cell);
                let found = rectangle(graph, index, cell);
                if exact {
                    assert_eq!(bound, found, "{} {cell:?}", node.name);
                } else if let Some(found) = found {
                    assert!(encloses(bound.unwrap(), found), "{} {cell:?}", node.name);
                }
            }
        }
    }
    // VGG-16's first and last cell of the last pool reach the image's borders.
    let rectangle = |cell| seen(Vgg16::SPEC, Vgg16::INPUT, "features.pool5", cell).unwrap();
    assert_eq!(rectangle([0, 3]), Rectangle { top: 0, bottom: 121, left: 6, right: 217 });
    assert_eq!(rectangle([6, 6]), Rectangle { top: 102, bottom: 223, left: 102, right: 223 });
}

fn encloses(outer: Rectangle, inner: Rectangle) -> bool {
    outer.top <= inner.top
        && outer.bottom >= inner.bottom
        && outer.left <= inner.left
        && outer.right >= inner.right
}

/// The networks of the zoo that the naive engine runs in a second: in the corners of
/// what a pixel reaches, cells that see it and cells that do not.
#[test]
fn pixels_of_the_zoo() {
    let mut known = Vec::new();
    for entry in zoo::ENTRIES {
        if entry.macs > 400_000_000 {
            println!("SKIPPED {}: {} multiply-adds", entry.name, entry.macs);
            continue;
        }
        let model = entry.random(5);
        let fields = table(model.graph());
        if known.contains(&fields) {
            continue; // another width of the same network
        }
        known.push(fields);
        let [h, w] = sides(entry.input).unwrap();
        let mut checks = 0;
        let pixels = if entry.macs < 50_000_000 { 2 } else { 1 };
        for pixel in [[h / 2 - 1, w / 3], [h - 1, 0]].into_iter().take(pixels) {
            checks += check_corners(&model, pixel);
        }
        println!("{}: {checks} cells", entry.name);
        assert!(checks > 50, "{}", entry.name);
    }
}

fn check_corners(model: &AnyModel, pixel: [usize; 2]) -> usize {
    let graph = model.graph();
    let mut checks = 0;
    for (index, (dims, values)) in poisoned(model, pixel).iter().enumerate() {
        let node = &graph.nodes()[index];
        let Some([h, w]) = sides(*dims) else { break };
        if matches!(node.kind, NodeKind::Op(op) if op.keeps_shape()) {
            continue;
        }
        let rows: Vec<usize> =
            (0..h).filter(|&y| (0..w).any(|x| !numbers(*dims, values, [y, x]))).collect();
        let columns: Vec<usize> =
            (0..w).filter(|&x| (0..h).any(|y| !numbers(*dims, values, [y, x]))).collect();
        for y in around(&rows, h) {
            for x in around(&columns, w) {
                let sees = pixels(graph, index, [y, x]).contains(pixel);
                assert_eq!(sees, !numbers(*dims, values, [y, x]), "{} {y} {x}", node.name);
                checks += 1;
            }
        }
    }
    checks
}

/// The first and the last of these, and what lies next to them.
fn around(lines: &[usize], size: usize) -> Vec<usize> {
    let (Some(&first), Some(&last)) = (lines.first(), lines.last()) else {
        return vec![0, size - 1];
    };
    let mut all = vec![first.saturating_sub(1), first, last, (last + 1).min(size - 1)];
    all.dedup();
    all
}
