//! Work on a thread of its own, so that the caller's thread can answer Ctrl-C and tell of progress while it
//! waits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use nearpeer::{Error, ErrorKind, OnStop, Options, StopFlag, Watcher};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

use crate::errors::{panicked, raised};
use crate::options::How;
use crate::progress::{Listener, PyProgress};

/// How often signals are looked at: quick to a person, and nothing to the processor.
const POLL: Duration = Duration::from_millis(25);

/// How long a solve may take to notice that it is to stop. After that its thread is left to end by itself.
const PATIENCE: Duration = Duration::from_millis(500);

/// Deep recursion over a component's people must not end the process; a thread's default is 2 MiB.
const STACK: usize = 64 << 20;

/// What the thread that works sends to the one that waits.
enum Message<T> {
    Progress(PyProgress),
    Done(thread::Result<Result<T, Error>>),
}

/// Runs `work` without the GIL. On Ctrl-C raises `stop`, and then `KeyboardInterrupt`.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    stop: &StopFlag,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> PyResult<T> {
    let (sender, messages) = channel();
    start(py, sender, work)?;
    let mut waiting = Waiting::new(messages, stop, OnStop::Error);
    waiting.wait(py, None)
}

/// Runs a solve without the GIL, and tells the listener of its progress on the caller's own thread: an
/// exception there ends the solve. Ctrl-C means what the options say; a second one always ends the solve.
pub(crate) fn solve<T: Send + 'static>(
    py: Python<'_>,
    how: How,
    work: impl FnOnce(&Options) -> Result<T, Error> + Send + 'static,
) -> PyResult<T> {
    let How {
        mut options,
        listener,
    } = how;
    let (sender, messages) = channel();
    if listener.is_some() {
        let sender = sender.clone();
        options.progress = Some(Watcher::new(move |progress| {
            // The caller may have gone; then nobody wants to know.
            let _ = sender.send(Message::Progress(progress.into()));
        }));
    }
    let mut waiting = Waiting::new(messages, &options.stop, options.on_stop);
    start(py, sender, move || work(&options))?;
    let found = waiting.wait(py, listener.as_ref());
    let closed = listener.map_or(Ok(()), |listener| listener.close(py));
    found.and_then(|found| closed.map(|()| found))
}

fn start<T: Send + 'static>(
    py: Python<'_>,
    sender: Sender<Message<T>>,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> PyResult<()> {
    let run = move || {
        let done = catch_unwind(AssertUnwindSafe(work));
        // The caller may have gone after Ctrl-C; then nobody wants the result.
        let _ = sender.send(Message::Done(done));
    };
    let thread = thread::Builder::new()
        .name("nearpeer".to_owned())
        .stack_size(STACK)
        .spawn(run);
    thread.map(drop).map_err(|error| {
        let message = format!("no thread could be started: {error}");
        raised(py, &Error::new(ErrorKind::Solver, message))
    })
}

/// The caller's side of work on another thread.
struct Waiting<T> {
    messages: Mutex<Receiver<Message<T>>>,
    stop: StopFlag,
    /// What the next Ctrl-C means.
    on_interrupt: OnStop,
}

impl<T: Send> Waiting<T> {
    fn new(messages: Receiver<Message<T>>, stop: &StopFlag, on_interrupt: OnStop) -> Self {
        Self {
            messages: Mutex::new(messages),
            stop: stop.clone(),
            on_interrupt,
        }
    }

    fn wait(&mut self, py: Python<'_>, listener: Option<&Listener>) -> PyResult<T> {
        loop {
            let answered = match py.detach(|| self.next(POLL)) {
                Ok(Message::Done(Ok(result))) => {
                    return result.map_err(|error| raised(py, &error));
                }
                Ok(Message::Done(Err(panic))) => return Err(panicked(&*panic)),
                Ok(Message::Progress(progress)) => {
                    listener.map_or(Ok(()), |listener| listener.tell(py, progress))
                }
                Err(RecvTimeoutError::Timeout) => Ok(()),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(panicked(&"the solve ended without an answer"));
                }
            };
            if let Err(error) = answered.and_then(|()| py.check_signals()) {
                self.interrupted(py, error)?;
            }
        }
    }

    /// Has the solve stop. The exception is the caller's, unless it means to keep what was found.
    fn interrupted(&mut self, py: Python<'_>, error: PyErr) -> PyResult<()> {
        self.stop.raise();
        let is_ctrl_c = error.is_instance_of::<PyKeyboardInterrupt>(py);
        let means = std::mem::replace(&mut self.on_interrupt, OnStop::Error);
        if is_ctrl_c && means == OnStop::Keep {
            return Ok(());
        }
        let end = Instant::now() + PATIENCE;
        py.detach(|| {
            while let Ok(Message::Progress(_)) =
                self.next(end.saturating_duration_since(Instant::now()))
            {}
        });
        Err(error)
    }

    fn next(&self, patience: Duration) -> Result<Message<T>, RecvTimeoutError> {
        self.messages
            .lock()
            .map_err(|_| RecvTimeoutError::Disconnected)?
            .recv_timeout(patience)
    }
}

/// Runs short work of the caller's own thread; a panic is an error like any other.
pub(crate) fn guarded<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(panicked(&*panic)))
}
