//! When to stop: a time limit, or a flag that another thread raises.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind};

#[cfg(not(feature = "highs"))]
/// How often a solve on another thread is asked whether it may go on.
const POLL: Duration = Duration::from_millis(20);

/// A flag that another thread raises to end a solve; clones share it.
#[derive(Debug, Clone, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// Asks every solve that holds this flag to end.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether [`raise`](Self::raise) was called.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// When a solve has to end.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    deadline: Option<Instant>,
    stop: StopFlag,
}

impl Interrupt {
    /// From now on.
    pub(crate) fn new(time_limit: Option<Duration>, stop: StopFlag) -> Self {
        let deadline = time_limit.and_then(|limit| Instant::now().checked_add(limit));
        Self { deadline, stop }
    }

    /// The same flag without a deadline, for the steps that finish a solve.
    pub(crate) fn without_deadline(&self) -> Self {
        Self {
            deadline: None,
            stop: self.stop.clone(),
        }
    }

    /// # Errors
    /// [`ErrorKind::Interrupted`] once the flag is raised, [`ErrorKind::Limit`] once the time is up.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.stop.is_raised() {
            return Err(Error::new(ErrorKind::Interrupted, "the solve was stopped"));
        }
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(Error::new(
                ErrorKind::Limit,
                "the time limit was reached before any feasible match was found",
            )),
            _ => Ok(()),
        }
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
        let left = self.deadline.map(|deadline| {
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
