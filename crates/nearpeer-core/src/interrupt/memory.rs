//! How much memory a solve takes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often the system is asked what the process holds: a few microseconds each time.
const EVERY: Duration = Duration::from_millis(20);

/// A limit on the memory that a solve takes, by the solve's own account and by the growth of the process's
/// resident memory, where the system tells that.
pub(super) struct Memory {
    limit: u64,
    begun: Instant,
    /// What the process held before.
    before: u64,
    /// What the solve says that it holds.
    held: AtomicU64,
    /// What the process holds more than before.
    grown: AtomicU64,
    /// Milliseconds after which the system is asked again.
    next: AtomicU64,
}

impl Memory {
    pub(super) fn new(limit: u64, begun: Instant) -> Self {
        Self {
            limit,
            begun,
            before: resident(),
            held: AtomicU64::new(0),
            grown: AtomicU64::new(0),
            next: AtomicU64::new(0),
        }
    }

    pub(super) fn holds(&self, bytes: u64) {
        self.held.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn is_over(&self) -> bool {
        let now = self.begun.elapsed();
        if now.as_millis() as u64 >= self.next.load(Ordering::Relaxed) {
            let next = now + EVERY;
            self.next.store(next.as_millis() as u64, Ordering::Relaxed);
            let grown = resident().saturating_sub(self.before);
            self.grown.store(grown, Ordering::Relaxed);
        }
        let held = self.held.load(Ordering::Relaxed);
        held.max(self.grown.load(Ordering::Relaxed)) > self.limit
    }
}

/// The process's resident memory in bytes; 0 where the system does not tell.
fn resident() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_solve_holds_counts() {
        let memory = Memory::new(1 << 50, Instant::now());
        assert!(!memory.is_over());
        memory.holds((1 << 50) + 1);
        assert!(memory.is_over());
        memory.holds(1 << 50);
        assert!(!memory.is_over());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_the_process_takes_counts() {
        const TAKEN: usize = 64 << 20;
        let memory = Memory::new(TAKEN as u64 / 2, Instant::now());
        let taken = std::hint::black_box(vec![1u8; TAKEN]);
        assert!(memory.is_over());
        drop(taken);
    }
}
