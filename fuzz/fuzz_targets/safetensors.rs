//! Any bytes as a file of weights: read or refused, in memory no larger than the
//! file and the network, and what is accepted can be read.
#![no_main]

mod small;

use libfuzzer_sys::fuzz_target;
use typenet::weights::{SafeTensors, Weights};

fuzz_target!(|bytes: &[u8]| {
    match SafeTensors::parse(bytes) {
        Ok(tensors) => {
            let mut sum = 0;
            for tensor in tensors.iter() {
                sum += tensor.bytes().len();
                assert!(tensors.get(tensor.name()).is_some());
                if let Ok(values) = tensor.to_f64() {
                    assert_eq!(values.len(), tensor.shape().iter().product::<usize>());
                }
            }
            assert!(sum <= bytes.len());
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
    small::check(Weights::from_safetensors(&small::graph(), bytes));
});
