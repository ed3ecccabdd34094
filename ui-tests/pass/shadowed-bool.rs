//! A module in which every name means something else.

#![allow(dead_code, non_camel_case_types, unused_macros)]

mod shadowed {
    pub struct Result;
    pub struct Option;
    pub struct Vec;
    pub struct String;
    pub struct Some;
    pub struct None;
    pub struct Box;
    pub struct usize;
    pub struct u64; pub struct bool;
    pub struct str;
    pub trait Default {}
    pub trait Copy {}
    pub trait Network {}
    pub trait Layer {}
    pub struct Chw;
    pub struct Vector;
    pub struct Spec;
    pub struct Dims;
    pub struct Extent;
    pub struct Node;
    pub struct Conv2d;
    pub struct Relu;
    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub mod typenet {}
    pub mod typenum {}

    macro_rules! panic { () => {}; }
    macro_rules! assert { () => {}; }
    macro_rules! concat { () => {}; }

    const SIDE: ::core::primitive::usize = 28;

    ::typenet::network! {
        pub struct Literal: [1, 28, 28] -> [10] {
            conv: Conv2d<1, 6, K = 5>,
            relu: Relu,
            pool: MaxPool2d<K = 2, P = Same>,
            flatten: Flatten,
            fc: Linear<_, 10>,
        }
    }

    ::typenet::network! {
        pub struct Consts: [1, SIDE, SIDE] -> [10] {
            conv: Conv2d<1, 6, K = 5>,
            inner: ::typenet::Identity,
            flatten: Flatten,
            fc: Linear<_, 10>,
        }
    }

    ::typenet::check!((::typenet::Relu, ::typenet::Flatten): [1, 28, 28] -> [784]);
}

fn main() {
    use typenet::{Network, Tensor};
    assert_eq!(shadowed::Literal::random(1).forward(&Tensor::zeros()).len(), 10);
    assert_eq!(shadowed::Consts::random(1).forward(&Tensor::zeros()).len(), 10);
}
