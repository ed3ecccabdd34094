//! Threads that a workspace brings to its runs.
//!
//! A team is woken once a run, not once a layer: every member goes through all
//! steps of the plan, takes units of the step at hand from a shared counter, and
//! waits at a barrier for the others before the next step. Waking costs some
//! microseconds, the barrier a fraction of one. Units are the same whoever runs
//! them, so the result has the same bits for any number of members.
//!
//! The members belong to the workspace because a plan is shared: two runs at the
//! same time have two workspaces and never wait for each other's threads. Between
//! runs they spin for a moment, then sleep. If one panics, the barrier lets the
//! others go and the run panics; the team stays usable.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::hint::spin_loop;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};

/// Turns of spinning before a wait gives its processor away: some ten
/// microseconds, more than a step takes to even out.
const SPINS: usize = 10_000;

/// What every member runs, with its number.
type Job<'a> = &'a (dyn Fn(usize) + Sync);

/// What the members share with the run.
struct Shared {
    /// Counts the jobs; a new number is a new job.
    epoch: AtomicUsize,
    /// The job of this epoch.
    job: UnsafeCell<Option<Job<'static>>>,
    /// Members that have finished it.
    done: AtomicUsize,
    panicked: AtomicBool,
    stop: AtomicBool,
}

// SAFETY: `job` is written by the owner of the team alone, and only while all
// members wait for the next epoch; they read it after they have seen that.
unsafe impl Sync for Shared {}
// SAFETY: a job is a shared reference to something `Sync`.
unsafe impl Send for Shared {}

/// Threads besides the caller's.
pub(crate) struct Team {
    shared: Arc<Shared>,
    members: Vec<JoinHandle<()>>,
}

impl Team {
    /// A team of `size` with the caller; smaller where threads can't be had.
    pub(crate) fn new(size: usize) -> Self {
        let shared = Arc::new(Shared {
            epoch: AtomicUsize::new(0),
            job: UnsafeCell::new(None),
            done: AtomicUsize::new(0),
            panicked: AtomicBool::new(false),
            stop: AtomicBool::new(false),
        });
        let spawn = |number: usize| {
            let shared = Arc::clone(&shared);
            thread::Builder::new().spawn(move || work(&shared, number)).ok()
        };
        let members = (1..size).map_while(spawn).collect();
        Self { shared, members }
    }

    /// Members, the caller included.
    pub(crate) fn size(&self) -> usize {
        self.members.len() + 1
    }

    /// Runs `job` on every member and waits for all.
    pub(crate) fn run(&mut self, job: Job<'_>) {
        // SAFETY: the reference is used by members only until `done` says that
        // all have finished, and `Wait` waits for that, also when `job` unwinds.
        let forever = unsafe { core::mem::transmute::<Job<'_>, Job<'static>>(job) };
        self.shared.done.store(0, Ordering::Relaxed);
        self.shared.panicked.store(false, Ordering::Relaxed);
        // SAFETY: all members wait for the next epoch; nobody reads.
        unsafe { *self.shared.job.get() = Some(forever) };
        self.shared.epoch.fetch_add(1, Ordering::Release);
        for member in &self.members {
            member.thread().unpark();
        }
        let wait = Wait(self);
        job(0);
        drop(wait);
        assert!(!self.shared.panicked.load(Ordering::Relaxed), "a thread of the run panicked");
    }
}

/// Waits for the members when dropped.
struct Wait<'a>(&'a Team);

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let mut turns = 0;
        while self.0.shared.done.load(Ordering::Acquire) < self.0.members.len() {
            rest(&mut turns);
        }
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.epoch.fetch_add(1, Ordering::Release);
        for member in self.members.drain(..) {
            member.thread().unpark();
            // A member catches what its jobs throw.
            let _ = member.join();
        }
    }
}

/// One turn of waiting.
fn rest(turns: &mut usize) {
    *turns += 1;
    if *turns < SPINS {
        spin_loop();
    } else {
        thread::yield_now();
    }
}

/// The life of a member.
fn work(shared: &Shared, number: usize) {
    let mut seen = 0;
    loop {
        let mut turns = 0;
        while shared.epoch.load(Ordering::Acquire) == seen {
            turns += 1;
            if turns < SPINS {
                spin_loop();
            } else {
                thread::park();
            }
        }
        seen = seen.wrapping_add(1);
        if shared.stop.load(Ordering::Relaxed) {
            return;
        }
        // SAFETY: written before the epoch that was just seen, and not again
        // before this member has added itself to `done`.
        let job = unsafe { *shared.job.get() };
        if job.is_some_and(|job| catch_unwind(AssertUnwindSafe(|| job(number))).is_err()) {
            shared.panicked.store(true, Ordering::Relaxed);
        }
        shared.done.fetch_add(1, Ordering::Release);
    }
}

/// Where members meet between steps, and take their units from.
pub(crate) struct Barrier {
    size: usize,
    arrived: AtomicUsize,
    round: AtomicUsize,
    next: AtomicUsize,
    poisoned: AtomicBool,
}

impl Barrier {
    pub(crate) fn new(size: usize) -> Self {
        let zero = || AtomicUsize::new(0);
        let poisoned = AtomicBool::new(false);
        Self { size, arrived: zero(), round: zero(), next: zero(), poisoned }
    }

    /// The next unit of this round.
    pub(crate) fn take(&self) -> usize {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Waits for all members; the last to arrive runs `then` before it lets them go. What each
    /// wrote before, all can read behind.
    ///
    /// # Panics
    ///
    /// If another member has panicked.
    pub(crate) fn meet(&self, then: impl FnOnce()) {
        let round = self.round.load(Ordering::Relaxed);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.size {
            self.arrived.store(0, Ordering::Relaxed);
            self.next.store(0, Ordering::Relaxed);
            then();
            self.round.store(round.wrapping_add(1), Ordering::Release);
            return;
        }
        let mut turns = 0;
        while self.round.load(Ordering::Acquire) == round {
            assert!(!self.poisoned.load(Ordering::Relaxed), "another thread of the run panicked");
            rest(&mut turns);
        }
    }
}

/// Lets the others go when its member unwinds.
pub(crate) struct Poison<'a> {
    barrier: &'a Barrier,
    /// Whether the thread was unwinding before: a run in a destructor is no failed run.
    before: bool,
}

impl<'a> Poison<'a> {
    pub(crate) fn new(barrier: &'a Barrier) -> Self {
        Self { barrier, before: thread::panicking() }
    }
}

impl Drop for Poison<'_> {
    fn drop(&mut self) {
        if thread::panicking() && !self.before {
            self.barrier.poisoned.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_members_meet_again_and_again() {
        for size in [1, 2, 5] {
            let mut team = Team::new(size);
            for _ in 0..50 {
                let barrier = Barrier::new(team.size());
                let sum = AtomicUsize::new(0);
                team.run(&|_| {
                    for round in 1..20 {
                        while barrier.take() < 7 {
                            sum.fetch_add(1, Ordering::Relaxed);
                        }
                        barrier.meet(|| ());
                        assert_eq!(sum.load(Ordering::Relaxed), 7 * round);
                        barrier.meet(|| ());
                    }
                });
            }
        }
    }

    #[test]
    fn a_run_in_a_destructor_is_no_failed_run() {
        struct Runs;
        impl Drop for Runs {
            fn drop(&mut self) {
                let mut team = Team::new(2);
                let barrier = Barrier::new(team.size());
                for _ in 0..200 {
                    team.run(&|_| {
                        let _poison = Poison::new(&barrier);
                        barrier.meet(|| ());
                    });
                }
                assert!(!barrier.poisoned.load(Ordering::Relaxed));
            }
        }
        let unwound = catch_unwind(|| {
            let _runs = Runs;
            panic!("what its destructor runs behind");
        });
        assert!(unwound.is_err());
    }

    #[test]
    fn a_panic_reaches_the_caller_and_the_team_lives_on() {
        for culprit in [0, 1] {
            let mut team = Team::new(3);
            let barrier = Barrier::new(team.size());
            let run = catch_unwind(AssertUnwindSafe(|| {
                team.run(&|number| {
                    let _poison = Poison::new(&barrier);
                    assert_ne!(number, culprit);
                    barrier.meet(|| ());
                });
            }));
            assert!(run.is_err());
            // Nobody waits for the one that panics.
            let run = catch_unwind(AssertUnwindSafe(|| {
                team.run(&|number| assert_ne!(number, culprit));
            }));
            assert!(run.is_err());
            let count = AtomicUsize::new(0);
            team.run(&|_| {
                count.fetch_add(1, Ordering::Relaxed);
            });
            assert_eq!(count.load(Ordering::Relaxed), 3);
        }
    }
}
