//! Tuples as networks: one layer after the other.
//!
//! The parts of a tuple are named by their place, `0.weight`, `1.bias`, as
//! PyTorch's `Sequential` does. For more than sixteen parts nest tuples; the
//! checker is fastest when they are balanced.

use super::{Apply, Describe, Layer};
use crate::shape::Shape;
use crate::spec::{Node, Spec};

macro_rules! chain {
    ($($name:literal $first:ident $(, $rest_name:literal $rest:ident after $before:ident)*;)*) => {$(
        impl<$first: Describe $(, $rest: Describe)*> Describe for ($first, $($rest,)*) {
            const SPEC: &'static Spec<'static> = &Spec::Chain(&[
                Node { name: $name, spec: $first::SPEC },
                $(Node { name: $rest_name, spec: $rest::SPEC },)*
            ]);
        }

        // As for a block: the const walk of the network that it is in proves it.
        impl<In: Shape, Out: Shape, $first: Describe $(, $rest: Describe)*> Apply<In, Out>
            for ($first, $($rest,)*)
        {
        }

        chain_layer! { ($first, $($rest,)*) $first $(, $rest after $before)* }
    )*};
}

macro_rules! chain_layer {
    ($tuple:ty, $first:ident) => {};
    (($($all:ident,)*) $first:ident $(, $rest:ident after $before:ident)*) => {
        impl<In, $first: Layer<In> $(, $rest: Layer<$before::Out>)*> Layer<In> for ($($all,)*) {
            type Out = chain_last!($($all)*);
        }
    };
}

macro_rules! chain_last {
    ($last:ident) => { $last::Out };
    ($first:ident $($rest:ident)+) => { chain_last!($($rest)+) };
}

chain! {
    "0" A;
    "0" A, "1" B after A;
    "0" A, "1" B after A, "2" C after B;
    "0" A, "1" B after A, "2" C after B, "3" D after C;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F, "7" H after G;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F, "7" H after G, "8" I after H;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F, "7" H after G, "8" I after H, "9" J after I;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F, "7" H after G, "8" I after H, "9" J after I, "10" K after J;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F, "7" H after G, "8" I after H, "9" J after I, "10" K after J, "11" L after K;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F, "7" H after G, "8" I after H, "9" J after I, "10" K after J, "11" L after K, "12" M after L;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F, "7" H after G, "8" I after H, "9" J after I, "10" K after J, "11" L after K, "12" M after L, "13" N after M;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F, "7" H after G, "8" I after H, "9" J after I, "10" K after J, "11" L after K, "12" M after L, "13" N after M, "14" O after N;
    "0" A, "1" B after A, "2" C after B, "3" D after C, "4" E after D, "5" F after E, "6" G after F, "7" H after G, "8" I after H, "9" J after I, "10" K after J, "11" L after K, "12" M after L, "13" N after M, "14" O after N, "15" P after O;
}
