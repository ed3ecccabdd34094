//! The layers of this crate in tuples, in `network!`, in the summary, in weight
//! files, and in both precisions.

use outside::{Largest, Mish, Scale};
use typenet::prelude::*;
use typenet::spec::{Axis, Conv2d as ConvSpec, Dims, Node, Op, Spec, Window};

network! {
    /// Layers of two crates, side by side.
    pub struct Net: [2, 4, 4] -> [1] {
        conv: Conv2d<2, 3, K = 3>,
        scale: Scale<3>,
        mish: Mish,
        #[name = "again.0"]
        again: outside::Scale<3>,
        flatten: Flatten,
        largest: Largest<12>,
    }
}

network! {
    /// One of them takes any height and width.
    struct AnySize: [2, Dyn, Dyn] -> [2, Dyn, Dyn] {
        scale: Scale<2>,
        mish: Mish,
    }
}

type Tuple = (Conv2d<2, 3, 3>, Scale<3>, (Mish, Scale<3>), Flatten, Largest<12>);
type ByHand = On<Tuple, Chw<2, 4, 4>>;
type Image = Tensor<f32, Chw<2, 4, 4>>;

typenet::check!(Tuple: [2, 4, 4] -> [1]);

const _: () = assert!(Net::PARAMS == 3 * 18 + 3 + 3 + 3);
const _: () = assert!(Net::MACS == 3 * 4 * 18 + 12 + 12);
const _: () = assert!(ByHand::PARAMS == Net::PARAMS && ByHand::MACS == Net::MACS);

/// The same layers with other weights than the random ones.
fn with_weights<N: Network>() -> Model<N> {
    let mut model = N::random(3);
    let names: Vec<String> =
        model.as_any().graph().params().iter().map(|param| param.name.clone()).collect();
    model.set_parameter(&names[2], &[2.0, -1.0, 0.5]).unwrap();
    model.set_parameter(&names[3], &[1.0, 3.0, -4.0]).unwrap();
    assert!(model.set_parameter(&names[3], &[1.0]).is_err());
    model
}

fn mish(x: f32) -> f32 {
    x * x.exp().ln_1p().tanh()
}

#[test]
fn they_run() {
    let net = with_weights::<Net>();
    let x = Image::from_fn(|[c, y, x]| (3 * c + 2 * y + x) as f32 / 10.0 - 0.5);
    let mut seen = vec![];
    let y =
        net.forward_with(&x, |name, layer| seen.push((name.to_string(), layer.values.to_vec())));
    let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["conv", "scale", "mish", "again.0", "flatten", "largest"]);

    let of = |layer: usize| seen[layer].1.iter().enumerate();
    assert!(of(0).all(|(i, x)| seen[1].1[i] == [2.0, -1.0, 0.5][i / 4] * x));
    assert!(of(1).all(|(i, x)| seen[2].1[i] == mish(*x)));
    assert!(of(2).all(|(i, x)| seen[3].1[i] == [1.0, 3.0, -4.0][i / 4] * x));
    let largest = of(4).map(|(_, x)| *x).fold(f32::NEG_INFINITY, f32::max);
    assert_eq!(y.as_slice(), [largest]);
    assert!(seen[1].1.iter().any(|x| *x != 0.0));
}

#[test]
fn by_hand_and_by_macro_agree() {
    let x = Image::from_fn(|[c, y, x]| ((5 * c + 3 * y + x) % 7) as f32 - 3.0);
    assert_eq!(with_weights::<Net>().forward(&x), with_weights::<ByHand>().forward(&x));
    let double = Net::random_as::<f64>(5).forward(&x.map(f64::from));
    assert_eq!(double.len(), 1);
}

#[test]
fn they_are_in_the_summary() {
    let summary = Net::summary();
    println!("{summary}");
    let row = |name: &str| summary.rows().iter().find(|row| row.name == name).unwrap();
    assert_eq!((&*row("scale").kind, row("scale").params), ("Scale", 3));
    assert_eq!((&*row("again.0").kind, row("again.0").params), ("Scale", 3));
    assert_eq!((&*row("mish").kind, row("mish").output), ("Mish", Dims::image(3, 2, 2)));
    assert_eq!(row("largest").output, Dims::vector(1));
    let text = summary.to_string();
    assert!(text.contains("scale Scale") && text.contains("3×2×2"), "{text}");
}

#[test]
fn their_weights_are_saved_and_loaded() {
    let net = with_weights::<Net>();
    assert_eq!(net.parameter("scale.weight"), Some(&[2.0, -1.0, 0.5][..]));
    assert_eq!(net.parameter("again.0.weight"), Some(&[1.0, 3.0, -4.0][..]));
    assert_eq!(Net::random(1).parameter("scale.weight"), Some(&[1.0; 3][..]));
    let loaded = Net::from_bytes(&net.to_bytes().unwrap()).unwrap();
    let x = Image::from_fn(|[c, y, x]| (c + y * x) as f32);
    assert_eq!(loaded.forward(&x), net.forward(&x));
    let scale = loaded.layer::<Scale<3>>("again.0").unwrap();
    assert_eq!(scale.weight(), [1.0, 3.0, -4.0]);
    let missing = ByHand::from_bytes(&net.to_bytes().unwrap()).unwrap_err().to_string();
    assert!(missing.contains("`1.weight`") && missing.contains("`scale.weight`"), "{missing}");
}

#[test]
fn sizes_may_come_at_run_time() {
    let net = AnySize::random(1);
    for (height, width) in [(1, 1), (3, 5)] {
        let x = Tensor::from_fn_with_shape(DynChw { height, width }, |_| 1.0).unwrap();
        let y = net.forward(&x).unwrap();
        assert_eq!(y.dims(), Dims::image(2, height, width));
        assert!(y.iter().all(|y| *y == mish(1.0)));
    }
}

#[test]
fn they_stand_in_networks_of_run_time() {
    let window = Window::square(Axis::new(1, 1, 0));
    let conv = ConvSpec { inputs: 2, outputs: 2, window, groups: 1, bias: false };
    let conv = Spec::Op(Op::Conv2d(conv));
    let nodes = [Node::new("conv", &conv), Node::new("scale", Scale::<2>::SPEC)];
    let model = AnyModel::<f32>::random(&Spec::Chain(&nodes), Dims::image(2, 1, 1), 1).unwrap();
    assert_eq!(model.run(Dims::image(2, 1, 1), &[1.0, 2.0]).unwrap().len(), 2);
    let nodes = [Node::new("conv", &conv), Node::new("scale", Scale::<3>::SPEC)];
    let error = AnyModel::<f32>::random(&Spec::Chain(&nodes), Dims::image(2, 1, 1), 1).unwrap_err();
    assert_eq!(
        error.to_string().lines().next(),
        Some("`scale` expects 3 input channels, but `conv` produces 2"),
    );
}
