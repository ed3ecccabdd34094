//! Fully-connected layers as convolutions: the same bits, on images of any size.

use std::time::Instant;

use typenet::blocked::Options;
use typenet::explain::fully_conv::{FullyConv, Savings};
use typenet::explain::receptive_field::of;
use typenet::graph::{Graph, NodeKind};
use typenet::prelude::*;
use typenet::spec::{Dims, Op};
use typenet::weights::SafeTensors;
use typenet::zoo::{LeNet5, MobileNetV1x025, ResNet8Tiny, ResNet20Cifar, Vgg16, Vgg16Features};

// The outputs as types, and with sizes that come at run time.
network! { struct Vgg384: [3, 384, 384] -> [1000, 6, 6] { net: FullyConv<Vgg16> } }
network! { struct Vgg400: [3, 400, 400] -> [1000, 6, 6] { net: FullyConv<Vgg16> } }
network! { struct VggDyn: [3, Dyn, Dyn] -> [1000, Dyn, Dyn] { net: FullyConv<Vgg16> } }
// The body takes them as it is.
network! { struct Body400: [3, 400, 400] -> [512, 12, 12] { body: Vgg16Features } }
network! { struct BodyDyn: [3, Dyn, Dyn] -> [512, Dyn, Dyn] { body: Vgg16Features } }

const _: () = {
    assert!(Vgg384::PARAMS == Vgg16::PARAMS && VggDyn::PARAMS == Vgg16::PARAMS);
    assert!(Body400::PARAMS == BodyDyn::PARAMS);
    // 36 windows cost 10.4 times the one map.
    let saved = Savings::of::<Vgg16>(400, 400);
    assert!(saved.windows == 36 && saved.window == Vgg16::MACS as u128);
    assert!(saved.map == Vgg400::MACS as u128);
    assert!(saved.windows * saved.window * 10 / saved.map == 104);
    // The last pool's 212 pixels, six strides further on.
    let field = of(<FullyConv<Vgg16> as Describe>::SPEC, Dims::image(3, 400, 400)).h;
    assert!(field.size == 212 + 6 * 32 && field.stride.pixels == 32 && field.padding() == 90);
};

#[test]
fn vgg16_as_convolutions() {
    let graph = Graph::new(<FullyConv<Vgg16> as Describe>::SPEC, Dims::image(3, 224, 224)).unwrap();
    let original = Graph::new(Vgg16::SPEC, Vgg16::INPUT).unwrap();
    let shape = |name: &str| {
        let node = graph.nodes().iter().find(|node| node.name == name).unwrap();
        let NodeKind::Op(Op::Conv2d(conv)) = node.kind else { panic!("{name}") };
        (conv.inputs, conv.outputs, conv.window.h.kernel, conv.window.w.kernel)
    };
    assert_eq!(shape("classifier.0"), (512, 4096, 7, 7));
    assert_eq!(shape("classifier.3"), (4096, 4096, 1, 1));
    assert_eq!(shape("classifier.6"), (4096, 1000, 1, 1));
    let names = |graph: &Graph| -> Vec<(String, usize)> {
        graph.params().iter().map(|param| (param.name.clone(), param.len())).collect()
    };
    assert_eq!(names(&graph), names(&original));
}

/// On its own input the network gives the same bits as before; the weights have not
/// moved in memory.
fn same_bits<N, const C: usize, const H: usize, const W: usize, const O: usize>()
where
    N: Network<Input = Chw<C, H, W>, Output = Vector<O>>,
{
    let net = N::random(11);
    let name = net.as_any().graph().params().last().unwrap().name.clone();
    let x =
        Tensor::from_fn(|[c, y, x]: [usize; 3]| ((c * 7 + y * 5 + x * 3) % 17) as f32 / 8.0 - 1.0);
    let y = net.forward(&x);
    let place = net.parameter(&name).unwrap().as_ptr();
    let map = net.fully_conv::<Chw<C, H, W>, Chw<O, 1, 1>>();
    assert_eq!(map.parameter(&name).unwrap().as_ptr(), place);
    let cell = map.forward(&x);
    let bits = |values: &[f32]| -> Vec<u32> { values.iter().map(|x| x.to_bits()).collect() };
    assert_eq!(bits(cell.as_slice()), bits(y.as_slice()));
    assert!(y.iter().any(|&y| y != y.round()));
    // The blocked engine sums in another order: N3 on real data.
    let fast = map.prepare().run(&x);
    let square = |values: &mut dyn Iterator<Item = f64>| values.map(|x| x * x).sum::<f64>().sqrt();
    let off = square(&mut fast.iter().zip(y.iter()).map(|(a, b)| f64::from(a - b)));
    let size = square(&mut y.iter().map(|&y| f64::from(y)));
    println!("{}: L2 {:.1e}", core::any::type_name::<N>(), off / size);
    assert!(off <= 1e-5 * size);
}

#[test]
fn the_same_bits_on_the_same_image() {
    same_bits::<LeNet5, 1, 28, 28, 10>();
    same_bits::<ResNet20Cifar, 3, 32, 32, 10>();
    same_bits::<ResNet8Tiny, 3, 32, 32, 10>();
    same_bits::<MobileNetV1x025, 3, 224, 224, 1000>();
}

network! {
    /// Without padding: windows at a stride of 4.
    struct Flat: [2, 14, 14] -> [5] {
        conv1: Conv2d<2, 6, K = 3>,
        relu1: Relu,
        pool1: MaxPool2d<K = 2>,
        conv2: Conv2d<6, 8, K = 3>,
        relu2: Relu,
        pool2: MaxPool2d<K = 2>,
        flatten: Flatten,
        drop: Dropout,
        fc1: Linear<32, 12>,
        relu3: Relu,
        fc2: Linear<12, 5>,
    }
}

network! {
    /// With a global pool, over 16 pixels: exact.
    struct Pooled: [2, 9, 9] -> [5] {
        conv: Conv2d<2, 6, K = 3, S = 2>,
        relu: Relu,
        pool: GlobalAvgPool2d,
        fc: Linear<6, 5>,
    }
}

/// Small whole numbers for every parameter.
fn whole<N: Network>() -> Model<N> {
    let mut net = N::random(1);
    let params: Vec<(String, usize)> =
        net.as_any().graph().params().iter().map(|p| (p.name.clone(), p.len())).collect();
    for (index, (name, len)) in params.iter().enumerate() {
        let values: Vec<f32> =
            (0..*len).map(|i| ((i * 7 + index * 3 + i / 5) % 5) as f32 - 2.0).collect();
        net.set_parameter(name, &values).unwrap();
    }
    net
}

fn pixel(c: usize, y: usize, x: usize) -> f32 {
    ((c * 31 + y * 17 + x * 23 + y * x) % 9) as f32 - 4.0
}

/// Each cell of the map is what the network gives for the crop under it, on both
/// engines, whatever remains at the image's edge.
fn slides<N, const H: usize>(stride: usize)
where
    N: Network<Input = Chw<2, H, H>, Output = Vector<5>>,
{
    let net = whole::<N>();
    let single = net.prepare();
    let map = net.clone().fully_conv::<DynChw<2>, DynChw<5>>();
    let (mut cells, mut nonzero) = (0, 0);
    for (height, width) in [(H, H), (H + 1, H + 7), (H + 2, H + 9), (H + 11, H + 3)] {
        let shape = DynChw::<2> { height, width };
        let image =
            Tensor::from_fn_with_shape(shape, |[c, y, x]: [usize; 3]| pixel(c, y, x)).unwrap();
        let slow = map.forward(&image).unwrap();
        let fast = map.prepare_for(shape, &Options::default()).unwrap().run(&image);
        let (rows, columns) = ((height - H) / stride + 1, (width - H) / stride + 1);
        assert_eq!(slow.shape().dims(), Dims::image(5, rows, columns));
        for cell in 0..rows * columns {
            let (y0, x0) = (cell / columns * stride, cell % columns * stride);
            let crop = Tensor::from_fn(|[c, y, x]: [usize; 3]| pixel(c, y + y0, x + x0));
            let scores = net.forward(&crop);
            assert_eq!(scores.as_slice(), single.run(&crop).as_slice());
            for (o, &score) in scores.iter().enumerate() {
                let at = o * rows * columns + cell;
                assert_eq!(slow.as_slice()[at].to_bits(), score.to_bits());
                assert_eq!(fast.as_slice()[at], score);
                nonzero += usize::from(score != 0.0);
                cells += 1;
            }
        }
    }
    println!("{cells} values, {nonzero} of them not 0");
    assert!(nonzero > cells / 2);
}

#[test]
fn a_map_is_the_network_slid_over_the_image() {
    slides::<Flat, 14>(4);
    slides::<Pooled, 9>(2);
}

/// With padding a cell is not its crop: how far off, and how often the class agrees.
#[test]
fn padding_makes_a_difference() {
    let net = LeNet5::load("examples/fashion/lenet5.safetensors").unwrap();
    let bytes = std::fs::read("examples/fashion/test-images.safetensors").unwrap();
    let tensors = SafeTensors::parse(&bytes).unwrap();
    let pixels = tensors.get("images").unwrap().bytes().to_vec();
    // Nine images side by side, three a row.
    let at = |y: usize, x: usize| {
        let image = y / 28 * 3 + x / 28;
        f32::from(pixels[image * 784 + y % 28 * 28 + x % 28]) / 255.0
    };
    let map = net.clone().fully_conv::<Chw<1, 84, 84>, Chw<10, 15, 15>>();
    let wall = Tensor::from_fn(|[_, y, x]: [usize; 3]| at(y, x));
    let cells = map.forward(&wall);
    let (mut largest, mut sum, mut agree, mut differ) = (0.0_f32, 0.0, 0, 0);
    let best = |scores: &[f32]| (0..10).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
    for cell in 0..225 {
        let (y0, x0) = (cell / 15 * 4, cell % 15 * 4);
        let scores = net.forward(&Tensor::from_fn(|[_, y, x]: [usize; 3]| at(y + y0, x + x0)));
        let own: Vec<f32> = (0..10).map(|o| cells.as_slice()[o * 225 + cell]).collect();
        let off: Vec<f32> = scores.iter().zip(&own).map(|(a, b)| (a - b).abs()).collect();
        largest = off.iter().copied().fold(largest, f32::max);
        sum += off.iter().sum::<f32>() / 10.0;
        differ += usize::from(off.iter().any(|&off| off > 0.0));
        agree += usize::from(best(scores.as_slice()) == best(&own));
    }
    println!(
        "LeNet-5 over 84×84: {differ} of 225 cells differ from their crops, by {largest:.3} at most \
         and {:.3} in the mean; the class agrees in {agree}",
        sum / 225.0
    );
    assert!(differ > 200 && agree > 112);
}

/// What one map saves, measured; the figure is printed, not asserted.
#[test]
fn one_map_is_faster_than_its_windows() {
    const SAVED: Savings = Savings::of::<LeNet5>(84, 84);
    let net = LeNet5::random(1);
    let single = net.prepare();
    let whole = net.clone().fully_conv::<Chw<1, 84, 84>, Chw<10, 15, 15>>().prepare();
    let (image, crop) = (Tensor::zeros(), Tensor::zeros());
    let (mut map_memory, mut memory) = (whole.workspace(), single.workspace());
    let (mut cells, mut scores) = (vec![0.0; 2250], vec![0.0; 10]);
    let map = least(|| whole.run_into(&mut map_memory, &image, &mut cells));
    let windows =
        least(|| (0..SAVED.windows).for_each(|_| single.run_into(&mut memory, &crop, &mut scores)));
    println!(
        "LeNet-5 at 84×84: {} windows take {:.1} times the map; by multiply-adds {:.1}",
        SAVED.windows,
        windows / map,
        SAVED.times()
    );
    assert_eq!(SAVED.windows, 225);
}

/// The least of twenty times, in seconds.
fn least(mut run: impl FnMut()) -> f64 {
    let time = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..20).map(time).min().unwrap().as_secs_f64()
}
