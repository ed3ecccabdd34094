//! Code that is generic over layers, networks and shapes.

use typenet::prelude::*;

/// Two convolutions and whatever comes behind them.
type Stem<const C: usize, Rest> = (Conv2d<1, C, 3>, Relu, Conv2d<C, C, 3>, Rest);

fn outputs<N: Network<Output = Vector<M>>, const M: usize>(
    net: &Model<N>,
    x: &Tensor<f32, N::Input>,
) -> Vec<f32>
where
    N::Input: Shape<Ran<Tensor<f32, Vector<M>>> = Tensor<f32, Vector<M>>>,
{
    net.forward(x).into_vec()
}

fn behind<L: Layer<Chw<4, 8, 8>>>() -> typenet::spec::Dims {
    L::Out::DIMS
}

struct TwoHeads<A, B>(std::marker::PhantomData<(A, B)>);

impl<A, B> TwoHeads<A, B>
where
    A: Layer<Chw<4, 8, 8>>,
    B: Layer<A::Out>,
{
    const LEN: Option<usize> = <B::Out as Shape>::DIMS.elements();
}

fn main() {
    type Net = On<Stem<4, (GlobalAvgPool2d, Linear<4, 10>)>, Chw<1, 12, 12>>;
    assert_eq!(outputs(&Net::random(3), &Tensor::zeros()).len(), 10);
    assert_eq!(behind::<Conv2d<4, 2, 3>>(), typenet::spec::Dims::image(2, 6, 6));
    assert_eq!(TwoHeads::<MaxPool2d<2>, Flatten>::LEN, Some(64));
}
