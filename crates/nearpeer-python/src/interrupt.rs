//! Work on a thread of its own, so that the caller's thread can answer Ctrl-C while it waits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use nearpeer::{Error, ErrorKind, StopFlag};
use pyo3::prelude::*;

use crate::errors::{panicked, raised};

/// How often signals are looked at: quick to a person, and nothing to the processor.
const POLL: Duration = Duration::from_millis(25);

/// How long a solve may take to notice that it is to stop. After that its thread is left to end by itself.
const PATIENCE: Duration = Duration::from_millis(500);

/// Deep recursion over a component's people must not end the process; a thread's default is 2 MiB.
const STACK: usize = 64 << 20;

/// Runs `work` without the GIL. On Ctrl-C raises `stop`, and then `KeyboardInterrupt`.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    stop: &StopFlag,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> PyResult<T> {
    let (done, waiting) = channel();
    thread::Builder::new()
        .name("nearpeer".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            // The caller may have gone after Ctrl-C; then nobody wants the result.
            let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
        })
        .map_err(|error| {
            let message = format!("no thread could be started: {error}");
            raised(py, &Error::new(ErrorKind::Solver, message))
        })?;
    let waiting = Mutex::new(waiting);
    loop {
        match py.detach(|| wait(&waiting, POLL)) {
            Ok(Ok(result)) => return result.map_err(|error| raised(py, &error)),
            Ok(Err(panic)) => return Err(panicked(&*panic)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(panicked(&"the solve ended without an answer"));
            }
        }
        if let Err(interrupt) = py.check_signals() {
            stop.raise();
            let _ = py.detach(|| wait(&waiting, PATIENCE));
            return Err(interrupt);
        }
    }
}

/// Runs short work of the caller's own thread; a panic is an error like any other.
pub(crate) fn guarded<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(panicked(&*panic)))
}

fn wait<T>(waiting: &Mutex<Receiver<T>>, patience: Duration) -> Result<T, RecvTimeoutError> {
    waiting
        .lock()
        .map_err(|_| RecvTimeoutError::Disconnected)?
        .recv_timeout(patience)
}
