//! What a solve tells of itself while it runs.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::certificate::{Level, LevelValue};

/// How often a watcher hears of a phase that goes on: quick to a person, and nothing to the processor.
const TICK: Duration = Duration::from_millis(100);

/// What a solve is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Rules, criteria and loads are compiled.
    Compile,
    /// The best pairs of every person are sought: the first pass over all pairs.
    FirstColumns,
    /// The best match of the columns (the pairs that are candidates so far) is sought.
    Network,
    /// All pairs are priced, to find those that are missing among the columns.
    Pricing,
    /// A linear or integer program is solved.
    Linear,
    /// The lowest scores are raised.
    Fairness,
    /// A node of the tree over 'none or at least k' is looked at.
    Branch,
    /// The reasons of those who are left are worked out.
    Explain,
}

impl Phase {
    /// The phase in snake case: `first_columns`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::FirstColumns => "first_columns",
            Self::Network => "network",
            Self::Pricing => "pricing",
            Self::Linear => "linear",
            Self::Fairness => "fairness",
            Self::Branch => "branch",
            Self::Explain => "explain",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How far a solve is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Rounds of column generation so far, the one that runs included.
    pub round: usize,
    /// Pairs that are candidates so far; all the others are priced, and not stored.
    pub columns: usize,
    /// The level that the next three speak of, as in a [`Certificate`](crate::Certificate): the first that is
    /// not proven yet, else the last. `None` until all pairs have been priced once.
    pub level: Option<Level>,
    /// What the best match so far has in that level: micropoints for scores, a count otherwise.
    pub objective: Option<i64>,
    /// No match that is as good in the levels above has more.
    pub bound: Option<i64>,
    /// `bound - objective`.
    pub gap: Option<i64>,
    /// Rows of this phase's pass that are done.
    pub done: usize,
    /// Rows of this phase's pass; 0 in a phase whose length is not known.
    pub total: usize,
    /// Since the solve began.
    pub elapsed: Duration,
}

impl Progress {
    fn new() -> Self {
        Self {
            phase: Phase::Compile,
            round: 0,
            columns: 0,
            level: None,
            objective: None,
            bound: None,
            gap: None,
            done: 0,
            total: 0,
            elapsed: Duration::ZERO,
        }
    }
}

/// A function that is told how far a solve is: at every change of phase, in every round, and about ten times
/// a second within a long phase. Clones share it.
///
/// It is called from the threads that solve, one call at a time, and the solve waits for it: it should be
/// quick, and must not wait for another solve. If it panics, the solve ends with
/// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted).
///
/// ```
/// use nearpeer_core::{Options, Watcher};
///
/// let options = Options {
///     progress: Some(Watcher::new(|progress| {
///         eprintln!("{} s: {}", progress.elapsed.as_secs(), progress.phase);
///     })),
///     ..Options::default()
/// };
/// ```
#[derive(Clone)]
pub struct Watcher(Arc<dyn Fn(&Progress) + Send + Sync>);

impl Watcher {
    /// Calls `tell` with how far the solve is.
    pub fn new(tell: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watcher")
    }
}

/// A watcher with what it is told.
pub(crate) struct Watched {
    watcher: Watcher,
    begun: Instant,
    progress: Mutex<Progress>,
    /// Rows of the pass that are done; threads count them without the lock.
    done: AtomicUsize,
    /// Milliseconds after which the watcher is to hear again.
    next: AtomicU64,
    /// What the watcher's panic said. It is not called again.
    panicked: OnceLock<String>,
}

impl Watched {
    pub(crate) fn new(watcher: Watcher, begun: Instant) -> Self {
        Self {
            watcher,
            begun,
            progress: Mutex::new(Progress::new()),
            done: AtomicUsize::new(0),
            next: AtomicU64::new(0),
            panicked: OnceLock::new(),
        }
    }

    /// What the watcher's panic said, if it panicked.
    pub(crate) fn panicked(&self) -> Option<&str> {
        self.panicked.get().map(String::as_str)
    }

    /// Changes what is known, and tells it.
    pub(crate) fn tell(&self, change: impl FnOnce(&mut Progress)) {
        // A panic of the watcher's is caught while the lock is held, so that it cannot be poisoned.
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut progress);
        self.call(&mut progress);
    }

    /// Begins a phase of so many rows.
    pub(crate) fn enter(&self, phase: Phase, total: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.tell(|progress| (progress.phase, progress.total) = (phase, total));
    }

    /// Counts rows.
    pub(crate) fn advance(&self, rows: usize) {
        self.done.fetch_add(rows, Ordering::Relaxed);
    }

    /// Tells how far the phase is, if that was not told lately and no other thread is telling it now.
    pub(crate) fn tick(&self) {
        let now = self.begun.elapsed().as_millis() as u64;
        if now >= self.next.load(Ordering::Relaxed)
            && let Ok(mut progress) = self.progress.try_lock()
        {
            self.call(&mut progress);
        }
    }

    fn call(&self, progress: &mut Progress) {
        if self.panicked.get().is_some() {
            return;
        }
        progress.done = self.done.load(Ordering::Relaxed).min(progress.total);
        progress.elapsed = self.begun.elapsed();
        let told = catch_unwind(AssertUnwindSafe(|| (self.watcher.0)(progress)));
        if let Err(panic) = told {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            let _ = self.panicked.set(text.unwrap_or("no message").to_owned());
        }
        let next = self.begun.elapsed() + TICK;
        self.next.store(next.as_millis() as u64, Ordering::Relaxed);
    }
}

/// Says how a match stands against its bound, given what `levels` have.
pub(crate) fn stand(progress: &mut Progress, levels: &[LevelValue]) {
    let open = levels.iter().find(|level| level.bound != level.objective);
    if let Some(level) = open.or(levels.last()) {
        progress.level = Some(level.level);
        progress.objective = Some(level.objective);
        progress.bound = Some(level.bound);
        progress.gap = Some(level.bound - level.objective);
    }
}
