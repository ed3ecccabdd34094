//! Shifts and permutations: what convolutions, pools and fully-connected layers do.

use typenet::blocked::{Options, Plan};
use typenet::explain::equivariance::{deviation, flips, permuted, shifted, strips_svg};
use typenet::explain::pooling::movement;
use typenet::prelude::*;
use typenet::spec::{
    Activation, Axis, Conv2d as Conv, Dims, Node, Op, Padding, Pool, Spec, Window,
};
use typenet::weights::SafeTensors;

/// A convolution of whole-number weights on a small image, and its graph.
fn windows() -> Vec<Conv> {
    let mut all = Vec::new();
    for (kernel, stride, dilation, padding) in [
        (1, 1, 1, 0),
        (3, 1, 1, 0),
        (3, 1, 1, 1),
        (3, 2, 1, 1),
        (2, 2, 1, 0),
        (3, 1, 2, 2),
        (2, 3, 1, 1),
    ] {
        for groups in [1, 2] {
            let side = Axis { dilation, ..Axis::new(kernel, stride, padding) };
            let wide = Padding::Explicit { before: padding, after: 0 };
            let window = Window { h: side, w: Axis { padding: wide, ..side } };
            all.push(Conv { inputs: 2, outputs: 4, window, groups, bias: true });
        }
    }
    all
}

fn pixels(count: usize) -> Vec<f32> {
    (0..count).map(|i| ((i * 31 + i * i / 7) % 11) as f32 - 5.0).collect()
}

/// The model of a description, all of its parameters small whole numbers.
fn whole(spec: &Spec<'_>, input: Dims) -> AnyModel {
    let mut model = AnyModel::<f32>::random(spec, input, 1).unwrap();
    let params: Vec<_> = model.graph().params().iter().map(|p| (p.name.clone(), p.len())).collect();
    for (name, len) in params {
        let values: Vec<f32> = (0..len).map(|i| ((i * 7 + i / 3) % 7) as f32 - 3.0).collect();
        model.set_parameter(&name, &values).unwrap();
    }
    model
}

/// The same on the blocked engine.
fn fast(model: &AnyModel) -> impl Fn(&[f32]) -> Vec<f32> {
    let params: Vec<&[f32]> = model.weights().iter().collect();
    let plan = Plan::new(model.graph(), &params, &Options::default()).unwrap();
    let len = model.graph().output_dims().elements().unwrap();
    move |x| {
        let mut output = vec![0.0; len];
        plan.run_into(&mut plan.workspace(), x, &mut output);
        output
    }
}

#[test]
fn maps_move_with_the_image() {
    let input = Dims::image(2, 15, 13);
    let relu = Spec::Op(Op::Activation(Activation::Relu));
    let (mut cells, mut odd) = (0, 0);
    for conv in windows() {
        let conv = Spec::Op(Op::Conv2d(conv));
        let next = Conv {
            inputs: 4,
            outputs: 3,
            window: Window::square(Axis::new(2, 1, 1)),
            groups: 1,
            bias: true,
        };
        let next = Spec::Op(Op::Conv2d(next));
        let nodes = [Node::new("a", &conv), Node::new("relu", &relu), Node::new("b", &next)];
        let model = whole(&Spec::Chain(&nodes), input);
        let (graph, x) = (model.graph(), pixels(2 * 15 * 13));
        let Spec::Op(Op::Conv2d(Conv { window, .. })) = conv else { panic!() };
        let stride = window.h.stride.cast_signed();
        let fast = fast(&model);
        for (down, right) in (-2..3).flat_map(|down| (-2..3).map(move |right| (down, right))) {
            let slow =
                deviation(graph, &x, [down, right], |x| model.run(input, x).unwrap()).unwrap();
            let fast = deviation(graph, &x, [down, right], &fast).unwrap();
            assert_eq!(slow, fast);
            if down % stride == 0 && right % stride == 0 {
                assert_eq!(slow.largest, 0.0, "{window:?} {down} {right}");
                assert!(slow.cells > 0, "{window:?} {down} {right}");
                cells += slow.cells;
            } else {
                odd += usize::from(slow.largest > 0.0);
            }
        }
    }
    println!("{cells} values moved along; {odd} shifts that a stride does not divide differed");
    assert!(odd > 50);
}

/// Stride 2, alone: every other shift moves the map, the others change it.
#[test]
fn stride_2_breaks_odd_shifts() {
    let window = Window::square(Axis::new(2, 2, 0));
    let pool = Spec::Op(Op::MaxPool2d(Pool { window, include_pad: false }));
    let input = Dims::image(1, 16, 16);
    let model = whole(&pool, input);
    let off = |shift| {
        let run = |x: &[f32]| model.run(input, x).unwrap();
        deviation(model.graph(), &pixels(256), [0, shift], run).unwrap().largest
    };
    assert_eq!([off(0), off(2), off(-4)], [0.0; 3]);
    assert!(off(1) > 0.0 && off(3) > 0.0 && off(-1) > 0.0);
}

/// A fully-connected layer whose columns are permuted along with the pixels gives what
/// it gave; so, with whole numbers, to the bit.
#[test]
fn a_permutation_costs_a_fully_connected_layer_nothing() {
    let linear = typenet::spec::Linear { inputs: 64, outputs: 5, bias: true };
    let spec = Spec::Op(Op::Linear(linear));
    let mut model = whole(&spec, Dims::vector(64));
    let x = pixels(64);
    let before = model.run(Dims::vector(64), &x).unwrap();
    let order: Vec<usize> = (0..64).map(|i| i * 37 % 64).collect();
    let weight = permuted(model.parameter("weight").unwrap(), &order);
    assert_ne!(model.run(Dims::vector(64), &permuted(&x, &order)).unwrap(), before);
    model.set_parameter("weight", &weight).unwrap();
    assert_eq!(model.run(Dims::vector(64), &permuted(&x, &order)).unwrap(), before);
    assert_eq!(fast(&model)(&permuted(&x, &order)), before);
}

/// The matrix times the flattened image is what the convolution gives.
#[test]
fn a_convolution_as_a_matrix() {
    let input = Dims::image(2, 7, 6);
    let x = pixels(84);
    for conv in windows() {
        let spec = Spec::Op(Op::Conv2d(conv));
        let model = whole(&spec, input);
        let expected = model.run(input, &x).unwrap();
        let matrix = conv.as_matrix(input).unwrap();
        let [rows, columns] = matrix.size();
        assert_eq!((rows, columns), (expected.len(), 84));
        let values = matrix.values(model.parameter("weight").unwrap());
        let bias = model.parameter("bias").unwrap();
        let product: Vec<f32> = values
            .chunks(columns)
            .enumerate()
            .map(|(row, line)| {
                bias[row / (rows / 4)] + line.iter().zip(&x).map(|(w, x)| w * x).sum::<f32>()
            })
            .collect();
        assert_eq!(product, expected);
        // Without padding each output has every weight of its filter.
        if conv.window.h.padding == (Padding::Explicit { before: 0, after: 0 }) {
            assert_eq!(matrix.connections(), rows * conv.terms());
        }
    }
    let large = Conv {
        inputs: 3,
        outputs: 64,
        window: Window::square(Axis::new(3, 1, 1)),
        groups: 1,
        bias: false,
    };
    let error = large.as_matrix(Dims::image(3, 224, 224)).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

/// In a convolution's matrix the next row is this one, a pixel further on; with the
/// pixels permuted no such rule is left, so no convolution does the same.
#[test]
fn a_permutation_leaves_no_convolution() {
    let conv = Conv {
        inputs: 1,
        outputs: 1,
        window: Window::square(Axis::new(3, 1, 0)),
        groups: 1,
        bias: false,
    };
    let matrix = conv.as_matrix(Dims::image(1, 6, 6)).unwrap();
    let order: Vec<usize> = (0..36).map(|i| i * 23 % 36).collect();
    let other = matrix.permuted(&order).unwrap();
    let moves = |matrix: &typenet::explain::matrix::Matrix| {
        (0..3).all(|row| {
            (0..35).all(|column| matrix.weight(row, column) == matrix.weight(row + 1, column + 1))
        })
    };
    assert!(moves(&matrix) && !moves(&other));
    assert_eq!(other.connections(), matrix.connections());
    assert_eq!(matrix.permuted(&[0, 0]), None);
}

fn clothes() -> Vec<Vec<f32>> {
    let bytes = std::fs::read("examples/fashion/test-images.safetensors").unwrap();
    let tensors = SafeTensors::parse(&bytes).unwrap();
    let pixels = tensors.get("images").unwrap().bytes().to_vec();
    let images = pixels.chunks(784).take(50);
    images.map(|image| image.iter().map(|&x| f32::from(x) / 255.0).collect()).collect()
}

network! { struct Plain: [1, 28, 28] -> [8, 24, 24] { conv: Conv2d<1, 8, K = 5>, relu: Relu } }
network! {
    struct Max: [1, 28, 28] -> [8, 6, 6] { conv: Conv2d<1, 8, K = 5>, relu: Relu, pool: MaxPool2d<K = 4> }
}
network! {
    struct Avg: [1, 28, 28] -> [8, 6, 6] { conv: Conv2d<1, 8, K = 5>, relu: Relu, pool: AvgPool2d<K = 4> }
}

/// By how much the output moves when a photo of clothes moves by a pixel.
fn moved<N: Network>(images: &[Vec<f32>], shift: isize) -> f64 {
    let net = N::random(3); // the same convolution in all three
    let run = |x: &[f32]| net.as_any().run(N::INPUT, x).unwrap();
    let all = images.iter().map(|image| movement(image, N::INPUT, [0, shift], run));
    all.sum::<f64>() / images.len() as f64
}

#[test]
fn pools_move_less() {
    let images = clothes();
    let mut flip = 0;
    for image in &images {
        flip += flips(image, &shifted(image, Plain::INPUT, [0, 1], 0.0), 0.5);
    }
    println!("a shift by a pixel flips {:.1} of 784 inputs", flip as f64 / images.len() as f64);
    println!("shift  without  max pool  average pool");
    for shift in 1..4 {
        let (plain, max, avg) = (
            moved::<Plain>(&images, shift),
            moved::<Max>(&images, shift),
            moved::<Avg>(&images, shift),
        );
        println!("{shift}      {plain:.3}    {max:.3}     {avg:.3}");
        assert!(max < plain && avg < plain);
    }
}

/// The drawings are whole, and hold what they show.
#[test]
fn drawings() {
    let conv = Conv {
        inputs: 1,
        outputs: 1,
        window: Window::square(Axis::new(3, 1, 0)),
        groups: 1,
        bias: false,
    };
    let matrix = conv.as_matrix(Dims::image(1, 6, 6)).unwrap().svg();
    assert_eq!(matrix.matches("fill=\"#").count(), 16 * 9);
    let image: Vec<f32> = clothes()[0].clone();
    // Every other pixel of every other row: 196 inputs.
    let small: Vec<f32> = (0..196).map(|i| image[i / 14 * 56 + i % 14 * 2]).collect();
    let strips = strips_svg(&small, &shifted(&small, Dims::image(1, 14, 14), [0, 1], 0.0), 0.5);
    let graph = typenet::zoo::find("lenet5").unwrap().graph();
    let fields = typenet::explain::receptive_field::svg(&graph, |y, x| clothes_byte(&image, y, x));
    assert!(fields.contains("conv2 14×14") && fields.contains("pool2 16×16"));
    for (name, svg) in [("matrix.svg", matrix), ("strips.svg", strips), ("fields.svg", fields)] {
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, svg).unwrap();
        println!("{}", path.display());
    }
}

fn clothes_byte(image: &[f32], y: usize, x: usize) -> u8 {
    (0..=255).find(|&byte| f32::from(byte) >= image[y * 28 + x] * 255.0).unwrap_or(255)
}
