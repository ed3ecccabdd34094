//! How much memory loading takes: measured at the allocator.

use std::thread;

use typenet::weights::{SafeTensors, Weights};

use crate::measure::{Memory, measure};
use crate::support::{file, file_of, graph, halves, linear, parts};

#[test]
fn no_header_takes_more_memory_than_its_file() {
    let tensor = |i| format!(r#""{i}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#);
    let tensors = (0..20_000).map(tensor).collect::<Vec<String>>().join(",");
    let sizes = format!(
        r#"{{"x":{{"dtype":"U8","shape":[{}0],"data_offsets":[0,0]}}}}"#,
        "0,".repeat(1_000_000)
    );
    let pair = |i| format!("\"{i}\":\"\"");
    // Few enough for a list that grows by doubling to be longer than the file.
    let metadata = (0..33_000).map(pair).collect::<Vec<String>>().join(",");
    let line = "x".repeat(1000) + "\\n";
    for header in [
        format!("{{{tensors}}}"),
        format!("{{{}}}", tensors.replace(r#"":{"#, r#"\n":{"#)),
        format!(r#"{{"__metadata__":{{{metadata}}}}}"#),
        format!(r#"{{"{}":{{}}}}"#, "{".repeat(1_000_000)),
        format!(r#"{{"{}":{{}}}}"#, "\\n".repeat(1_000_000)),
        format!(r#"{{"__metadata__":{{"{}":""}}}}"#, "\\\"".repeat(1_000_000)),
        format!(r#"{{"__metadata__":{{{}"#, "\"".repeat(1_000_000)),
        format!(r#"{{"{}":{{}}}}"#, line.repeat(1100)),
        "[".repeat(1_000_000),
        sizes,
    ] {
        let bytes = file(header.as_bytes(), b"");
        let Memory { peak, largest, left } = measure(|| drop(SafeTensors::parse(&bytes)));
        let (start, len) = (&header[..60], bytes.len());
        assert!(largest <= len, "{largest} at once for {len} bytes: {start}");
        assert!(peak < 2 * len + 1000, "{peak} for {len} bytes: {start}");
        assert_eq!(left, 0, "{start}");
    }
}

#[test]
fn a_long_text_takes_no_memory() {
    let text = "x".repeat(1_000_000);
    let bytes = file(format!(r#"{{"__metadata__":{{"a":"{text}"}}}}"#).as_bytes(), b"");
    let Memory { peak, .. } = measure(|| assert!(SafeTensors::parse(&bytes).is_ok()));
    assert!(peak < 1000, "{peak}");
}

#[test]
fn loading_takes_the_weights_and_a_little() {
    let graph = linear("fc", 1000, 1000);
    let bytes = Weights::<f32>::random(&graph, 0).to_safetensors(&graph).unwrap();
    let path = std::env::temp_dir().join(format!("typenet-memory-{}", std::process::id()));
    std::fs::write(&path, &bytes).unwrap();
    let Memory { peak, left, .. } = measure(|| drop(Weights::<f32>::load(&graph, &path).unwrap()));
    let from_memory = measure(|| drop(Weights::<f32>::from_safetensors(&graph, &bytes))).peak;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(left, 0);
    assert!(peak < 4_000_000 + 100_000, "{peak}");
    assert!(from_memory < 4_000_000 + 10_000, "{from_memory}");
}

#[test]
fn a_file_to_be_is_as_long_as_it_gets() {
    let graph = linear("fc", 1000, 1000);
    let weights = Weights::<f32>::random(&graph, 0);
    let mut len = 0;
    let memory = measure(|| len = weights.to_safetensors(&graph).unwrap().len());
    assert_eq!(memory.largest, len);
    assert!(memory.peak < len + 100_000, "{memory:?}");
}

#[test]
fn a_file_of_another_network_costs_next_to_nothing() {
    let large = linear("fc", 1000, 1000);
    let bytes = Weights::<f32>::random(&large, 0).to_safetensors(&large).unwrap();
    let Memory { peak, .. } = measure(|| drop(Weights::<f32>::from_safetensors(&graph(), &bytes)));
    assert!(peak < 20_000, "{peak}");
}

#[test]
fn ten_thousand_loads_leave_nothing_behind() {
    let (graph, sound) = (graph(), file_of(&parts(&halves(47))));
    let mut bytes = halves(47);
    bytes[46 * 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let broken = file_of(&parts(&bytes));
    let Memory { left, .. } = measure(|| {
        for _ in 0..10_000 {
            assert!(Weights::<f32>::from_safetensors(&graph, &sound).is_ok());
            assert!(Weights::<f64>::from_safetensors(&graph, &broken).is_err());
            assert!(Weights::<f32>::from_safetensors(&graph, &sound[..300]).is_err());
        }
    });
    assert_eq!(left, 0);
}

#[test]
fn nothing_large_is_on_the_stack() {
    let small_stack = thread::Builder::new().stack_size(64 * 1024);
    let thread = small_stack.spawn(|| {
        let graph = linear("fc", 2000, 2000);
        let weights = Weights::<f32>::random(&graph, 1);
        let file = weights.to_safetensors(&graph).unwrap();
        let loaded = Box::new(Weights::<f32>::from_safetensors(&graph, &file).unwrap());
        assert_eq!(loaded.clone().get(0).map(<[f32]>::len), Some(4_000_000));
        assert_eq!(*loaded, weights);
    });
    thread.unwrap().join().unwrap();
}
