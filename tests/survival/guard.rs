//! Input and output between forbidden pages: a kernel that reads or writes one
//! byte outside of them ends the process.
//!
//! The values end right before a forbidden page, or up to 16 numbers before it,
//! so that they lie at every alignment; then they start right behind one. (All
//! other buffers of a run are the engine's own: debug builds check every access to
//! them, and `.ci/full` runs the kernels under the address sanitizer.)

use std::ffi::c_void;
use std::ptr;

use typenet::blocked::{Options, Plan};
use typenet::isa::Isa;

use crate::net::long;
use crate::support::cases::{self, Case};
use crate::support::data::{Data, Random};

unsafe extern "C" {
    fn mmap(
        at: *mut c_void,
        len: usize,
        rights: i32,
        flags: i32,
        file: i32,
        from: i64,
    ) -> *mut c_void;
    fn munmap(at: *mut c_void, len: usize) -> i32;
    fn mprotect(at: *mut c_void, len: usize, rights: i32) -> i32;
}

const READ_WRITE: i32 = 3;
const PRIVATE_ANONYMOUS: i32 = 0x22;
const PAGE: usize = 4096;

/// Memory with a forbidden page on each side.
struct Guarded {
    start: *mut f32,
    bytes: usize,
}

impl Guarded {
    fn new(numbers: usize) -> Self {
        let bytes = (numbers * 4).next_multiple_of(PAGE) + PAGE;
        // SAFETY: new pages, wherever the system has some.
        let start = unsafe {
            mmap(ptr::null_mut(), bytes + 2 * PAGE, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0)
        };
        assert_ne!(start as isize, -1, "no memory");
        // SAFETY: the first page of those just made.
        assert_eq!(unsafe { mprotect(start, PAGE, 0) }, 0);
        let behind = start.wrapping_byte_add(PAGE + bytes);
        // SAFETY: the last page of those just made.
        assert_eq!(unsafe { mprotect(behind, PAGE, 0) }, 0);
        Self { start: start.wrapping_byte_add(PAGE).cast(), bytes }
    }

    /// `len` numbers that start `skip` numbers behind the first forbidden page.
    fn first(&mut self, len: usize, skip: usize) -> &mut [f32] {
        assert!((len + skip) * 4 <= self.bytes);
        let start = self.start.wrapping_add(skip);
        // SAFETY: within the pages that may be written, which hold zeros or numbers.
        unsafe { std::slice::from_raw_parts_mut(start, len) }
    }

    /// `len` numbers that end `skip` numbers before the last forbidden page.
    fn last(&mut self, len: usize, skip: usize) -> &mut [f32] {
        let end = self.bytes / 4;
        self.first(len, end - len - skip)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: made in `new` with this length.
        unsafe { munmap(self.start.wrapping_byte_sub(PAGE).cast(), self.bytes + 2 * PAGE) };
    }
}

fn run(case: &Case, options: &Options, skips: &[usize]) {
    let graph = case.graph();
    let mut random = Random::named(&case.name);
    let mut values = |len: usize| -> Vec<f32> {
        random.values(Data::Integer, len).into_iter().map(|x| x as f32).collect()
    };
    let (inputs, outputs) =
        (graph.input().elements().unwrap(), graph.output_dims().elements().unwrap());
    let given = values(inputs);
    let param = |param: &typenet::graph::GraphParam| {
        // No training measures a negative variance.
        let variance = param.name.ends_with("running_var");
        let drawn = values(param.len());
        drawn.into_iter().map(|x| if variance { x.abs() + 0.5 } else { x }).collect()
    };
    let params: Vec<Vec<f32>> = graph.params().iter().map(param).collect();
    let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
    let plan = Plan::new(&graph, &params, options).unwrap();
    let mut workspace = plan.workspace();
    let mut want = vec![0.0; outputs];
    plan.run_into(&mut workspace, &given, &mut want);
    let (mut from, mut to) = (Guarded::new(inputs + 16), Guarded::new(outputs + 16));
    for &skip in skips {
        for behind in [false, true] {
            let (input, output) = if behind {
                (from.last(inputs, skip), to.last(outputs, skip))
            } else {
                (from.first(inputs, skip), to.first(outputs, skip))
            };
            input.copy_from_slice(&given);
            plan.run_into(&mut workspace, input, output);
            let same =
                |(a, b): (&f32, &f32)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
            assert!(output.iter().zip(&want).all(same), "{} at {skip}", case.name);
        }
    }
}

#[test]
fn no_kernel_touches_what_lies_around() {
    let every: Vec<usize> = (0..16).collect();
    let mut ran = 0;
    for (index, case) in cases::table().iter().enumerate() {
        // The kind of case decides about the kernel: each gets one full turn in
        // eight (every one, in the long form), and the two places next to the pages always.
        let skips: &[usize] = if index % 8 == 0 || long() { &every } else { &every[..2] };
        for isa in Isa::available() {
            run(case, &Options { isa: Some(isa), ..Options::default() }, skips);
            ran += skips.len();
        }
    }
    println!("{ran} places");
    assert!(ran > 1000);
}
