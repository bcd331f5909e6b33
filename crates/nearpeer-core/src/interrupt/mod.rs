//! When to stop, and the seam through which a solve is watched: time, memory, a gap that is small enough, or
//! a flag that another thread raises.

mod memory;
mod walk;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(not(feature = "highs"))]
use std::time::Duration;
use std::time::Instant;

use crate::certificate::{Level, LevelValue};
use crate::error::{Error, ErrorKind};
use crate::matching::Options;
use crate::progress::{Phase, Watched, stand};
use memory::Memory;
pub(crate) use walk::Walk;

#[cfg(not(feature = "highs"))]
/// How often a solve on another thread is asked whether it may go on.
const POLL: Duration = Duration::from_millis(20);

/// A flag that another thread raises to end a solve; clones share it.
#[derive(Debug, Clone, Default)]
pub struct StopFlag(Arc<Flag>);

#[derive(Debug, Default)]
struct Flag {
    raised: AtomicBool,
    /// Raises itself when it is looked at this many times more: a cut at any moment, the same every time.
    #[cfg(test)]
    looks_left: Option<std::sync::atomic::AtomicUsize>,
}

impl StopFlag {
    /// Asks every solve that holds this flag to end, as [`OnStop`] says.
    pub fn raise(&self) {
        self.0.raised.store(true, Ordering::Relaxed);
    }

    /// Whether [`raise`](Self::raise) was called.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        #[cfg(test)]
        self.count_look();
        self.0.raised.load(Ordering::Relaxed)
    }

    /// A flag that is raised after it was looked at so many times.
    #[cfg(test)]
    pub(crate) fn raised_after(looks: usize) -> Self {
        Self(Arc::new(Flag {
            raised: AtomicBool::new(false),
            looks_left: Some(looks.into()),
        }))
    }

    #[cfg(test)]
    fn count_look(&self) {
        if let Some(left) = &self.0.looks_left {
            let counted = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
            if counted.is_err() {
                self.raise();
            }
        }
    }
}

/// What a raised [`StopFlag`] means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnStop {
    /// The solve ends with [`ErrorKind::Interrupted`].
    #[default]
    Error,
    /// The best match so far is kept with its gap, as when the time is up.
    Keep,
}

/// When a solve has to end, and who is told how far it is; clones share both.
#[derive(Clone)]
pub(crate) struct Interrupt {
    shared: Arc<Shared>,
    /// Whether limits apply.
    limited: bool,
    /// Whether a solve that a limit cuts keeps what it has.
    keeps: bool,
    /// Until when one of several solves may take, if that is before the deadline of all.
    until: Option<Instant>,
    /// Whether phases and rounds are told to the watcher.
    told: bool,
}

struct Shared {
    deadline: Option<Instant>,
    memory: Option<Memory>,
    gap: Option<u64>,
    stop: StopFlag,
    on_stop: OnStop,
    watched: Option<Watched>,
}

impl Interrupt {
    /// From now on.
    pub(crate) fn new(options: &Options) -> Self {
        let begun = Instant::now();
        let shared = Shared {
            deadline: options
                .time_limit
                .and_then(|limit| begun.checked_add(limit)),
            memory: options.memory_limit.map(|limit| Memory::new(limit, begun)),
            gap: options.gap,
            stop: options.stop.clone(),
            on_stop: options.on_stop,
            watched: options
                .progress
                .clone()
                .map(|watcher| Watched::new(watcher, begun)),
        };
        Self {
            shared: Arc::new(shared),
            limited: true,
            keeps: true,
            until: None,
            told: true,
        }
    }

    /// The same without any limit, for the steps that finish a solve: only a flag whose meaning is
    /// [`OnStop::Error`] still ends it.
    pub(crate) fn without_limits(&self) -> Self {
        Self {
            limited: false,
            ..self.clone()
        }
    }

    /// The same for a solve of which nothing is wanted but its optimum: at a limit it ends as when it is stopped, and makes
    /// nothing of what it has, which can take as long as it took so far.
    pub(crate) fn all_or_nothing(&self) -> Self {
        Self {
            keeps: false,
            ..self.clone()
        }
    }

    /// The same for one of several solves at a time, whose phases and rounds are not told.
    pub(crate) fn untold(&self) -> Self {
        Self {
            told: false,
            ..self.clone()
        }
    }

    /// The same for one of several solves, with this part of the time that is left.
    #[cfg(feature = "highs")]
    pub(crate) fn share(&self, part: f64) -> Self {
        let now = Instant::now();
        let end = self.until.or(self.shared.deadline);
        let until = end.map(|end| {
            now + end
                .saturating_duration_since(now)
                .mul_f64(part.clamp(0.0, 1.0))
        });
        Self {
            until,
            ..self.clone()
        }
    }

    fn watched(&self) -> Option<&Watched> {
        self.shared.watched.as_ref().filter(|_| self.told)
    }

    /// Tells the watcher now and then that the solve goes on. Cheap enough for loops of a microsecond.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] once a limit is reached or the flag is raised that means to keep what there is,
    /// [`ErrorKind::Interrupted`] once the flag is raised that does not, and for a limit of a solve that keeps nothing.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let shared = &*self.shared;
        if let Some(watched) = &shared.watched {
            watched.tick();
            if let Some(said) = watched.panicked() {
                let message = format!("the progress callback panicked: {said}");
                return Err(Error::new(ErrorKind::Interrupted, message));
            }
        }
        if shared.stop.is_raised() {
            match shared.on_stop {
                OnStop::Error => {
                    return Err(Error::new(ErrorKind::Interrupted, "the solve was stopped"));
                }
                OnStop::Keep if self.limited => return Err(limit("the solve was stopped")),
                OnStop::Keep => {}
            }
        }
        if !self.limited {
            return Ok(());
        }
        let deadline = self.until.or(shared.deadline);
        let reached = if deadline.is_some_and(|end| Instant::now() >= end) {
            "the time limit was reached"
        } else if shared.memory.as_ref().is_some_and(Memory::is_over) {
            "the memory limit was reached"
        } else {
            return Ok(());
        };
        match self.keeps {
            true => Err(limit(reached)),
            false => Err(Error::new(ErrorKind::Interrupted, reached)),
        }
    }

    /// Whether memory is limited.
    pub(crate) fn limits_memory(&self) -> bool {
        self.shared.memory.is_some()
    }

    /// Begins a phase whose length is not known.
    pub(crate) fn enter(&self, phase: Phase) {
        if let Some(watched) = self.watched() {
            watched.enter(phase, 0);
        }
    }

    /// Begins a phase that is a pass over so many rows.
    pub(crate) fn walk(&self, phase: Phase, rows: usize) -> Walk<'_> {
        if let Some(watched) = self.watched() {
            watched.enter(phase, rows);
        }
        Walk::new(self)
    }

    fn advance(&self, rows: usize) {
        if let Some(watched) = self.watched() {
            watched.advance(rows);
        }
    }

    /// Begins a round of column generation on so many columns, with so many bytes in use, by the best match
    /// of those columns.
    pub(crate) fn round(&self, columns: usize, bytes: usize) {
        if let Some(memory) = &self.shared.memory {
            memory.holds(bytes as u64);
        }
        if let Some(watched) = self.watched() {
            watched.tell(|progress| {
                progress.round += 1;
                progress.columns = columns;
                (progress.phase, progress.total) = (Phase::Network, 0);
            });
        }
    }

    /// Whether anybody wants to know how the best match so far stands against the best bound.
    pub(crate) fn wants_standing(&self) -> bool {
        self.watched().is_some() || self.tolerance() > 0
    }

    /// Whether the caller accepts a gap.
    pub(crate) fn accepts_gaps(&self) -> bool {
        self.tolerance() > 0
    }

    /// The gap that the caller accepts.
    fn tolerance(&self) -> u64 {
        if self.limited {
            self.shared.gap.unwrap_or(0)
        } else {
            0
        }
    }

    /// Whether the gap is one that the caller accepts: every level above the score is proven, and the score
    /// is not, but nearly.
    pub(crate) fn accepts(&self, levels: &[LevelValue]) -> bool {
        let open = levels.iter().find(|level| level.bound != level.objective);
        open.is_some_and(|level| {
            let gap = u64::try_from(level.bound - level.objective).unwrap_or(0);
            level.level == Level::Score && gap <= self.tolerance()
        })
    }

    /// Says how the best match so far stands against the best bound.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] if the caller [`accepts`](Self::accepts) that.
    pub(crate) fn stand(&self, levels: &[LevelValue]) -> Result<(), Error> {
        if let Some(watched) = self.watched() {
            watched.tell(|progress| stand(progress, levels));
        }
        if self.accepts(levels) {
            return Err(limit("the gap is small enough"));
        }
        Ok(())
    }

    /// Runs `work`, which cannot be asked to stop, on a thread of its own; it gets the seconds that are
    /// left. When it is time to stop, it is left to end by itself, and its result is dropped.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    #[cfg(not(feature = "highs"))]
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(Option<f64>) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.check()?;
        let deadline = self.shared.deadline.filter(|_| self.limited);
        let left = deadline.map(|deadline| {
            let left = deadline.saturating_duration_since(Instant::now());
            left.as_secs_f64()
        });
        use std::sync::mpsc::{RecvTimeoutError, channel};

        let (sender, receiver) = channel();
        std::thread::spawn(move || sender.send(work(left)));
        loop {
            match receiver.recv_timeout(POLL) {
                Ok(result) => return Ok(result),
                Err(RecvTimeoutError::Timeout) => self.check()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::new(
                        ErrorKind::Solver,
                        "the solver behind the integer program ended without an answer",
                    ));
                }
            }
        }
    }
}

/// Why a solve was cut; the caller sees it only where there is no match to keep.
fn limit(why: &str) -> Error {
    Error::new(ErrorKind::Limit, format!("{why}{BEFORE_A_MATCH}"))
}

const BEFORE_A_MATCH: &str = " before any feasible match was found";

/// A limit that came before any match was found, where a match was asked about: it came before the answer.
pub(crate) fn before_an_answer(error: Error) -> Error {
    match error.to_string().strip_suffix(BEFORE_A_MATCH) {
        Some(why) => {
            let more = if why.contains("limit") {
                "; give it more"
            } else {
                ""
            };
            let message = format!("{why} before the question was answered{more}");
            Error::new(ErrorKind::Limit, message)
        }
        // It says itself what it came before.
        None => error,
    }
}

#[cfg(all(test, feature = "highs"))]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Of an hour or, without a limit, of nothing that ends.
    fn shares(time_limit: Option<Duration>) -> [bool; 4] {
        let whole = Interrupt::new(&Options {
            time_limit,
            ..Options::default()
        });
        let none = whole.share(0.0);
        // A share of a share that is over is over, and the whole is not.
        let all = [&none, &none.share(1.0), &whole.share(0.5), &whole];
        all.map(|interrupt| interrupt.check().is_ok())
    }

    #[test]
    fn a_share_ends_before_the_whole() {
        let hour = Duration::from_secs(3_600);
        assert_eq!(shares(Some(hour)), [false, false, true, true]);
        assert_eq!(shares(None), [true; 4]);
        let whole = Interrupt::new(&Options {
            time_limit: Some(hour),
            ..Options::default()
        });
        let ended = whole.share(0.0).check().expect_err("its time is over");
        assert_eq!(ended.kind(), ErrorKind::Limit);
        // What finishes a solve has no limit.
        assert!(whole.share(0.0).without_limits().check().is_ok());
    }
}
