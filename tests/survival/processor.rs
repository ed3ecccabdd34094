//! The processor: small numbers, and the floating-point mode, which is the caller's.

use typenet::isa::Isa;

use crate::net::threads;

/// Numbers so small that most processors flush them to zero if asked to.
#[test]
fn subnormal_numbers_are_computed_with() {
    use crate::net::Net;
    use crate::support::cases::{chain, conv, square};
    use typenet::blocked::Options;
    use typenet::spec::Dims;

    let spec = chain(vec![conv(9, 17, square(1, 1, 0, 1), 1)]);
    let mut net = Net::new(&spec, Dims::image(9, 5, 5));
    let least = f32::from_bits(1);
    net.input.fill(least);
    net.params[0].fill(1.0);
    net.params[1].fill(0.0);
    for isa in Isa::available() {
        for many in [1, 2] {
            let plan = net.plan(&Options { isa: Some(isa), ..threads(many) });
            let output = plan.run(&net.input);
            assert!(output.iter().all(|&x| x.to_bits() == 9), "{isa}: {:e}", output[0]);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod mode {
    use std::arch::asm;
    use std::sync::atomic::{AtomicU32, Ordering};

    use typenet::blocked::Options;
    use typenet::isa::Isa;

    use crate::net::threads;
    use crate::threads::hooked;

    /// Flags of exceptions that happened are no mode.
    const MODE: u32 = !0x3f;

    fn read() -> u32 {
        let mut mode = 0_u32;
        // SAFETY: stores four bytes into a variable of four.
        unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut mode, options(nostack)) };
        mode & MODE
    }

    fn write(mode: u32) {
        // SAFETY: a mode that this thread had before, or had with two more bits.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const mode, options(nostack, readonly)) };
    }

    /// Within a run and behind it the caller's thread has the mode that it had before.
    /// (Threads of ours start with the system's, in which `subnormal_numbers_are_computed_with`
    /// would fail if it flushed them.)
    #[test]
    fn the_floating_point_mode_is_the_callers() {
        static SEEN: AtomicU32 = AtomicU32::new(0);
        let net = hooked(|| SEEN.store(read(), Ordering::SeqCst));
        let mode = read();
        for isa in Isa::available() {
            for many in [1, 3] {
                let plan = net.plan(&Options { isa: Some(isa), ..threads(many) });
                for _ in 0..10 {
                    plan.run(&net.input);
                    assert_eq!((read(), SEEN.load(Ordering::SeqCst)), (mode, mode), "{isa}");
                }
                // Flush-to-zero and denormals-are-zero, set by the caller, stay set.
                write(mode | 0x8040);
                plan.run(&net.input);
                let after = read();
                write(mode);
                assert_eq!(after, mode | 0x8040, "{isa}");
            }
        }
    }
}
