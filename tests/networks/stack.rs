//! Large tensors and networks on a thread of 2 MiB, which is what Rust gives a
//! spawned thread: nothing of theirs may lie on the stack, also not in a debug
//! build, where every move copies.

use std::thread;

use typenet::prelude::*;

network! {
    /// The largest layer that common networks have: 51 MB of weights.
    struct Large: [512, 7, 7] -> [10] {
        flatten: Flatten,
        fc1: Linear<25088, 512>,
        relu: Relu,
        fc2: Linear<512, 10>,
    }
}

/// The same by hand.
type ByHand = On<(Flatten, Linear<25088, 512>, Relu, Linear<512, 10>), Chw<512, 7, 7>>;

fn on_two_mebibytes(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap();
    thread.join().unwrap();
}

fn moved<T>(value: T) -> T {
    value
}

#[test]
fn a_large_network() {
    on_two_mebibytes(|| {
        let net = moved(Large::random(1));
        let x =
            moved(Tensor::<f32, Chw<512, 7, 7>>::from_fn(|[c, y, x]| (c + y + x) as f32 / 500.0));
        let y = net.forward(&x);
        let copy = moved(net.clone());
        let boxed = Box::new(copy);
        let bytes = boxed.to_bytes().unwrap();
        drop(boxed);
        let loaded = Large::from_bytes(&bytes).unwrap();
        assert_eq!(loaded.forward(&x), y);
        let any = moved(loaded.into_any());
        assert_eq!(any.typed::<Large>().unwrap().forward(&x), y);
        assert_eq!(net.forward_batch(&[x.clone(), x]), [y.clone(), y]);
    });
}

#[test]
fn a_large_network_by_hand() {
    on_two_mebibytes(|| {
        let y = moved(ByHand::random_as::<f64>(1)).forward(&Tensor::<f64, Chw<512, 7, 7>>::zeros());
        assert_eq!(y.len(), 10);
    });
}

/// 150 million numbers in one type, 600 MB if it were an array.
#[test]
fn large_tensors() {
    on_two_mebibytes(|| {
        let x = moved(Tensor::<f32, Chw<16, 1024, 1024>>::zeros());
        let x = moved(x.map(|x| x + 1.0));
        let copy = x.clone();
        assert_eq!(x, copy);
        assert_eq!(moved(x.into_vec()).len(), 16 << 20);
        let tensors = vec![Tensor::<f64, Vector<1_000_000>>::zeros(); 4];
        assert_eq!(tensors.iter().map(Tensor::len).sum::<usize>(), 4_000_000);
    });
}

#[test]
fn a_deep_network() {
    macro_rules! deep {
        ($($name:ident)*) => {
            network! {
                struct Deep: [2, 16, 16] -> [2, 16, 16] {
                    $($name: Conv2d<2, 2, K = 3, P = 1>,)*
                }
            }
        };
    }
    deep! {
        a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9
        c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 d0 d1 d2 d3 d4 d5 d6 d7 d8 d9
        e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9
    }
    on_two_mebibytes(|| {
        let mut layers = 0;
        let net = Deep::random(1);
        let x = Tensor::<f32, Chw<2, 16, 16>>::zeros();
        let y = net.forward_with(&x, |_, _| layers += 1);
        assert_eq!(y.len(), 512);
        assert_eq!((layers, Deep::summary().rows().len()), (60, 60));
    });
}
