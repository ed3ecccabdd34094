//! How much memory loading takes: measured at the allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::thread;

use typenet::weights::{SafeTensors, Weights};

use crate::support::{file, file_of, graph, halves, linear, parts};

/// The system's allocator, counting for each thread by itself: tests run side
/// by side.
struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static LARGEST: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends frees memory after its counters are gone.
    let _ = LIVE.try_with(|live| {
        live.set(live.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live.get())));
        let _ = LARGEST.try_with(|largest| largest.set(largest.get().max(bytes)));
    });
}

// SAFETY: every call goes to the system's allocator as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: the caller keeps `alloc`'s contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: `at` came from `System` with this layout.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most memory that `run` holds beyond what there was before, and what it
/// leaves behind.
fn measure(run: impl FnOnce()) -> (usize, isize) {
    let before = LIVE.get();
    PEAK.set(before);
    run();
    ((PEAK.get() - before).cast_unsigned(), LIVE.get() - before)
}

#[test]
fn no_header_takes_more_memory_than_its_file() {
    let tensor = |i| format!(r#""{i}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#);
    let tensors = (0..20_000).map(tensor).collect::<Vec<String>>().join(",");
    let sizes = format!(
        r#"{{"x":{{"dtype":"U8","shape":[{}0],"data_offsets":[0,0]}}}}"#,
        "0,".repeat(1_000_000)
    );
    let pair = |i| format!("\"{i}\":\"\"");
    let metadata = (0..50_000).map(pair).collect::<Vec<String>>().join(",");
    for header in [
        format!("{{{tensors}}}"),
        format!("{{{}}}", tensors.replace(r#"":{"#, r#"\n":{"#)),
        format!(r#"{{"__metadata__":{{{metadata}}}}}"#),
        format!(r#"{{"{}":{{}}}}"#, "{".repeat(1_000_000)),
        format!(r#"{{"{}":{{}}}}"#, "\\n".repeat(1_000_000)),
        format!(r#"{{"__metadata__":{{"{}":""}}}}"#, "\\\"".repeat(1_000_000)),
        "[".repeat(1_000_000),
        sizes,
    ] {
        let bytes = file(header.as_bytes(), b"");
        LARGEST.set(0);
        let (peak, left) = measure(|| drop(SafeTensors::parse(&bytes)));
        let (start, len) = (&header[..60], bytes.len());
        let largest = LARGEST.get().cast_unsigned();
        assert!(largest <= len, "{largest} at once for {len} bytes: {start}");
        assert!(peak < 2 * len + 1000, "{peak} for {len} bytes: {start}");
        assert_eq!(left, 0, "{start}");
    }
}

#[test]
fn loading_takes_the_weights_and_a_little() {
    let graph = linear("fc", 1000, 1000);
    let bytes = Weights::<f32>::random(&graph, 0).to_safetensors(&graph).unwrap();
    let path = std::env::temp_dir().join(format!("typenet-memory-{}", std::process::id()));
    std::fs::write(&path, &bytes).unwrap();
    let (peak, left) = measure(|| drop(Weights::<f32>::load(&graph, &path).unwrap()));
    let (from_memory, _) = measure(|| drop(Weights::<f32>::from_safetensors(&graph, &bytes)));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(left, 0);
    assert!(peak < 4_000_000 + 100_000, "{peak}");
    assert!(from_memory < 4_000_000 + 10_000, "{from_memory}");
}

#[test]
fn a_file_of_another_network_costs_next_to_nothing() {
    let large = linear("fc", 1000, 1000);
    let bytes = Weights::<f32>::random(&large, 0).to_safetensors(&large).unwrap();
    let (peak, _) = measure(|| drop(Weights::<f32>::from_safetensors(&graph(), &bytes)));
    assert!(peak < 20_000, "{peak}");
}

#[test]
fn ten_thousand_loads_leave_nothing_behind() {
    let (graph, sound) = (graph(), file_of(&parts(&halves(47))));
    let mut bytes = halves(47);
    bytes[46 * 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let broken = file_of(&parts(&bytes));
    let (_, left) = measure(|| {
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
