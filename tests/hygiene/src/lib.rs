//! A crate without `std` that calls typenet by another name, denies what a careful
//! crate denies, and in which the usual names mean something else.
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    missing_docs,
    missing_debug_implementations,
    unused,
    unreachable_pub,
    unused_qualifications,
    single_use_lifetimes,
    non_camel_case_types,
    elided_lifetimes_in_paths,
    keyword_idents_2024,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    redundant_lifetimes,
    rust_2018_idioms,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unused_crate_dependencies,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_results,
    variant_size_differences,
    warnings
)]

/// Nothing here is what it seems.
pub mod shadowed {
    #![allow(non_camel_case_types, unused_macros, dead_code, reason = "that is the point")]

    macro_rules! impostors {
        ($($name:ident)*) => {$(
            /// An impostor.
            #[derive(Debug)]
            pub struct $name;
        )*};
    }

    impostors! {
        Result Option Some None Ok Err Vec String Box usize u8 u64 u128 f32 f64 bool str
        Chw Vector Dyn DynChw Spec Dims Extent Node Step Conv2d Relu Proof Tensor Graph Values
    }

    /// Traits of the same names.
    pub trait Default {}
    /// See above.
    pub trait Copy {}
    /// See above.
    pub trait Clone {}
    /// See above.
    pub trait Debug {}
    /// See above.
    pub trait From {}
    /// See above.
    pub trait Layer {}
    /// See above.
    pub trait Network {}
    /// See above.
    pub trait Describe {}

    mod core {}
    mod std {}
    mod alloc {}
    mod typenet {}
    mod typenum {}

    macro_rules! panic {
        () => {};
    }
    macro_rules! assert {
        () => {};
    }
    macro_rules! stringify {
        () => {};
    }

    const SIDE: ::core::primitive::usize = 12;

    ::networks::network! {
        pub struct Block<const C: ::core::primitive::usize, const O: ::core::primitive::usize>
        where O == 2 * C {
            Residual {
                conv: Conv2d<C, O, K = 3, P = 1>,
                bn: BatchNorm2d<_, EPS = 1e-3>,
            } shortcut {
                proj: Conv2d<C, O, K = 1>,
            },
            relu: Relu,
        }
    }

    ::networks::network! {
        pub struct Literal: [2, 12, 12] -> [10] {
            conv: Conv2d<2, 4, K = (3, 5), P = Same>,
            Concat { left: Identity, right: { conv: Conv2d<4, 4, K = 1> } },
            pool: MaxPool2d<K = 2>,
            flatten: Flatten,
            fc: Linear<_, 10>,
        }
    }

    ::networks::network! {
        pub struct Consts: [2, SIDE, SIDE] -> { class: [10], boxes: [4, SIDE, SIDE] } {
            block: Block<2, 4>,
            copies: [::networks::BatchNorm2d<4>; 2],
            heads: Heads {
                class: { pool: GlobalAvgPool2d, fc: Linear<_, 10> },
                boxes: { conv: Conv2d<4, 4, K = 1> },
            },
        }
    }

    ::networks::check!((::networks::Relu, ::networks::Flatten): [1, SIDE, 28] -> [336]);
}

mod consts {
    use networks::prelude::*;

    // The words that the proof of a network uses.
    const INPUT: usize = 1;
    const SPEC: usize = 6;
    const STEPS: usize = 5;
    const CLEAN: usize = 10;
    type S1 = Relu;

    network! {
        pub(super) struct Words: [INPUT, 8, 8] -> [CLEAN] {
            conv: Conv2d<INPUT, SPEC, K = STEPS>,
            relu: S1,
            flatten: Flatten,
            fc: Linear<96, CLEAN>,
        }
    }
}

mod private {
    use networks::prelude::*;

    // As private as what is around it, and without docs of its own.
    network! {
        pub(super) struct Inner: [1, Dyn, Dyn] -> [3] {
            conv: Conv2d<1, 3, K = 3>,
            pool: GlobalAvgPool2d,
        }
    }
}

/// A macro that writes networks: names, sizes and layers are its arguments.
macro_rules! classifier {
    ($(#[$attr:meta])* $vis:vis $name:ident, $side:literal, $classes:expr, $act:ident, $last:ty) => {
        networks::network! {
            $(#[$attr])*
            $vis struct $name: [1, $side, $side] -> [$classes] {
                conv: Conv2d<1, 4, K = 3>,
                act: $act,
                res: Residual { conv: Conv2d<4, 4, K = 3, P = 1> },
                pool: GlobalAvgPool2d,
                last: $last,
            }
        }
    };
}

classifier!(
    /// Written by a macro.
    #[derive(Debug)]
    pub Small, 12, 4, Relu, networks::Linear<4, 4>
);

/// Parameters of a network that is local to a function, and of some that are not.
#[must_use]
pub fn parameters() -> u64 {
    use networks::Network;
    const FILTERS: usize = 3;
    classifier!(Local, 9, 4, Silu, networks::Identity);
    networks::network! {
        struct Own: [1, 8, 8] {
            conv: Conv2d<1, FILTERS, K = 3>,
        }
    }
    let within = || {
        networks::network! { struct Tiny: [4] -> [2] { fc: Linear<4, 2> } }
        Tiny::PARAMS
    };
    let shadowed = shadowed::Literal::PARAMS + shadowed::Consts::PARAMS;
    Own::PARAMS
        + Local::PARAMS
        + Small::PARAMS
        + private::Inner::PARAMS
        + shadowed
        + within()
        + consts::Words::PARAMS
}
