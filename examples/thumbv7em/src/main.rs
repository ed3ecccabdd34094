//! LeNet-5 on a Cortex-M4: weights in flash, activations in a static, no heap.
//!
//! The program looks at one image and compares what it sees with what the desktop
//! saw when it built this program. They have to be equal to the bit: the loops are
//! the same, and neither fuses a product with a sum.
#![no_std]
#![no_main]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::RefCell;

use cortex_m::interrupt::Mutex;
use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, hprintln};
use typenet::flash::Flash;
use typenet::prelude::*;
use typenet::tensor::InlineTensor;
use typenet::tensor::typenum::U10;

include!("net.rs");

static WEIGHTS: &[u8] = typenet::include_blob!(concat!(env!("OUT_DIR"), "/lenet5.blob"));
static IMAGE: &[u8; 784] = include_bytes!(concat!(env!("OUT_DIR"), "/image.bin"));
static WANTED: [f32; 10] = include!(concat!(env!("OUT_DIR"), "/logits.rs"));

/// All the memory of a run: its size is known to the compiler.
static WORKSPACE: Mutex<RefCell<[f32; Flash::<LeNet5>::WORKSPACE]>> =
    Mutex::new(RefCell::new([0.0; Flash::<LeNet5>::WORKSPACE]));
static PIXELS: Mutex<RefCell<[f32; 784]>> = Mutex::new(RefCell::new([0.0; 784]));

/// The library can allocate, this program can't: a call that could reach the heap
/// would not link.
struct NoHeap;

unsafe extern "C" {
    fn this_program_has_no_heap() -> !;
}

// SAFETY: neither function returns.
unsafe impl GlobalAlloc for NoHeap {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        // SAFETY: does not exist, so no program has this call.
        unsafe { this_program_has_no_heap() }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {
        // SAFETY: as above.
        unsafe { this_program_has_no_heap() }
    }
}

#[global_allocator]
static HEAP: NoHeap = NoHeap;

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    debug::exit(debug::EXIT_FAILURE);
    loop {}
}

type Scores = InlineTensor<f32, Vector<10>, U10>;

fn classify() -> Result<Scores, typenet::flash::BlobError> {
    let net = Flash::<LeNet5>::new(WEIGHTS)?;
    cortex_m::interrupt::free(|alone| {
        let mut pixels = PIXELS.borrow(alone).borrow_mut();
        for (to, &pixel) in pixels.iter_mut().zip(IMAGE) {
            *to = f32::from(pixel) / 255.0;
        }
        let mut scores = Scores::default();
        let mut workspace = WORKSPACE.borrow(alone).borrow_mut();
        if let Ok(image) = TensorView::<f32, Chw<1, 28, 28>>::of(&pixels[..]) {
            net.run_into(&mut workspace[..], &image, &mut scores)?;
        }
        Ok(scores)
    })
}

#[entry]
fn main() -> ! {
    let right = match classify() {
        Ok(scores) => {
            let equal = scores.iter().zip(&WANTED).all(|(a, b)| a.to_bits() == b.to_bits());
            let best = (0..10).fold(0, |best, i| if scores[i] > scores[best] { i } else { best });
            hprintln!("class {}, {} bytes of workspace", best, 4 * Flash::<LeNet5>::WORKSPACE);
            hprintln!("the desktop's logits: {}", equal);
            equal
        }
        Err(_) => {
            hprintln!("the blob is refused");
            false
        }
    };
    debug::exit(if right { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    loop {}
}
