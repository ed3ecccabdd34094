//! Networks without a heap: the bits of the naive engine, in the workspace that the
//! type says, and blobs that are refused.

#![cfg(all(feature = "std", feature = "zoo"))]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "these are tests")]

use typenet::flash::{BlobError, Flash};
use typenet::prelude::*;
use typenet::zoo;

network! {
    /// Every way to put layers together.
    struct Every: [3, 12, 13] -> [7] {
        stem: Conv2d<3, 8, K = 3, P = 1>,
        twice: [Basic<8>; 2],
        mixed: Concat {
            left: { conv: Conv2d<8, 4, K = 1>, relu: Relu },
            right: { conv: Conv2d<8, 6, K = 3, P = 1>, bn: BatchNorm2d<_>, gate: HardSwish },
            same: Identity,
        },
        se: Scale { pool: GlobalAvgPool2d, fc: Linear<18, 18>, sigmoid: Sigmoid },
        down: Residual {
            conv: Conv2d<18, 20, K = 3, S = 2, P = 1>,
            relu: Relu,
            conv2: Conv2d<20, 20, K = 3, P = 1, G = 4>,
        } shortcut { short: Conv2d<18, 20, K = 1, S = 2> },
        none: Residual { drop: Dropout },
        pool: MaxPool2d<K = 2>,
        flatten: Flatten,
        fc: Linear<_, 7>,
        softmax: Softmax,
    }
}

network! {
    struct Basic<const C: usize> {
        Residual { conv1: Conv2d<C, C, K = 3, P = 1>, relu: Relu, conv2: Conv2d<C, C, K = 3, P = 1> },
        relu2: Relu,
    }
}

/// `blob` where it is aligned (and, with an `offset`, where it is not).
fn placed(blob: &[u8], offset: usize) -> (Vec<u64>, usize) {
    let mut memory = vec![0_u8; blob.len() + 16];
    memory[offset..][..blob.len()].copy_from_slice(blob);
    let words = memory.chunks(8).map(|bytes| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_ne_bytes(word)
    });
    (words.collect(), offset)
}

fn bytes(placed: &(Vec<u64>, usize), len: usize) -> &[u8] {
    // SAFETY: eight bytes each, all of them initialised.
    let bytes =
        unsafe { std::slice::from_raw_parts(placed.0.as_ptr().cast::<u8>(), 8 * placed.0.len()) };
    &bytes[placed.1..][..len]
}

/// Both engines on the same weights, twice in a workspace full of rubbish.
fn agrees<N: Network<Input: FixedShape, Output: FixedShape>>() {
    let net = Model::<N>::random(3);
    let blob = net.to_blob();
    assert_eq!(blob.len(), Flash::<N>::BLOB);
    let memory = placed(&blob, 0);
    let flash = Flash::<N>::new(bytes(&memory, blob.len())).unwrap();
    let x: Tensor<f32, N::Input> =
        Tensor::try_from_iter((0..N::Input::LEN).map(|i| ((i * 37) % 101) as f32 / 50.0 - 1.0))
            .unwrap();
    let want = net.as_any().run(N::INPUT, x.as_slice()).unwrap();
    let mut workspace = vec![f32::NAN; Flash::<N>::WORKSPACE];
    for _ in 0..2 {
        let mut output = Tensor::<f32, N::Output>::zeros();
        flash.run_into(&mut workspace, &x, &mut output).unwrap();
        let same = output.iter().zip(want.iter()).all(|(a, b)| a.to_bits() == b.to_bits());
        assert!(same, "{}", std::any::type_name::<N>());
    }
    workspace.pop();
    if Flash::<N>::WORKSPACE > 0 {
        let error = flash.run_into(&mut workspace, &x, &mut Tensor::zeros()).unwrap_err();
        let (needs, has) = (Flash::<N>::WORKSPACE, workspace.len());
        assert_eq!(error, BlobError::Workspace { needs, has });
    }
}

#[test]
fn the_bits_are_the_naive_engines() {
    agrees::<Every>();
    agrees::<zoo::LeNet5>();
    agrees::<zoo::ResNet8Tiny>();
    agrees::<On<Relu, Vector<4>>>();
}

/// Two neighbours of a chain, and not one value more.
#[test]
fn a_chain_needs_its_two_largest_neighbours() {
    // 6×28×28 of the first convolution, and what its activation makes of it.
    type Conv = (Conv2d<1, 6, 5, 1, 2>, Relu, MaxPool2d<2>, Flatten, Linear<1176, 10>);
    // A block within a network writes to a place of the network's.
    type Nested = ((Conv2d<1, 6, 5, 1, 2>, Relu, MaxPool2d<2>, Flatten), Linear<1176, 10>);
    assert_eq!(Flash::<On<Conv, Chw<1, 28, 28>>>::WORKSPACE, 2 * 6 * 28 * 28);
    assert_eq!(Flash::<On<Nested, Chw<1, 28, 28>>>::WORKSPACE, 2 * 6 * 28 * 28 + 1176);
    assert_eq!(Flash::<On<Relu, Vector<4>>>::WORKSPACE, 0);
    assert_eq!(Flash::<zoo::LeNet5>::BLOB, 16 + 4 * 61_706);
}

#[test]
fn an_included_file_is_aligned() {
    static FILE: &[u8] = typenet::include_blob!("../examples/fashion/lenet5.safetensors");
    assert_eq!(FILE.as_ptr().align_offset(4), 0);
    assert_eq!(Flash::<zoo::LeNet5>::new(FILE).err(), Some(BlobError::NotABlob));
}

#[test]
fn blobs_that_are_no_such_blobs_are_refused() {
    type Small = On<(Conv2d<1, 2, 3>, Flatten, Linear<8, 3>), Chw<1, 4, 4>>;
    type Other = On<(Conv2d<1, 2, 3>, Relu, Flatten, Linear<8, 3>), Chw<1, 4, 4>>;
    let blob = Model::<Small>::random(1).to_blob();
    let open = |blob: &[u8], offset| {
        let memory = placed(blob, offset);
        Flash::<Small>::new(bytes(&memory, blob.len())).map(|_| ())
    };
    assert_eq!(open(&blob, 0), Ok(()));
    assert_eq!(open(&blob, 4), Ok(()));
    for offset in [1, 2, 3, 5] {
        assert_eq!(open(&blob, offset), Err(BlobError::Unaligned));
    }
    for len in 0..blob.len() {
        assert!(open(&blob[..len], 0).is_err(), "{len}");
    }
    let mut changed = blob.clone();
    for bit in 0..8 * blob.len() {
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&changed, 0).is_err(), "bit {bit}");
        changed[bit / 8] = blob[bit / 8];
    }
    changed.push(0);
    let (expected, got) = (blob.len(), changed.len());
    assert_eq!(open(&changed, 0), Err(BlobError::Length { expected, got }));
    let other = Model::<Other>::random(1).to_blob();
    assert_eq!(open(&other, 0), Err(BlobError::OtherNetwork));
    assert_eq!(open(b"", 0), Err(BlobError::NotABlob));
    let text = BlobError::Length { expected, got }.to_string();
    assert_eq!(text, format!("the blob has {got} bytes, but this network's has {expected}"));
}
