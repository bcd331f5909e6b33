//! `threads=`, `time_limit=`, `progress=` and their like, as every verb that solves takes them.

use std::time::Duration;

use nearpeer::{Error, ErrorKind, OnStop, Options};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyString};

use crate::errors::raised;
use crate::progress::Listener;

/// The most of a value that an error shows, in characters.
const LONGEST: usize = 80;

/// How to solve, as Python gives it.
pub(crate) struct Given<'a, 'py> {
    pub(crate) threads: Option<&'a Bound<'py, PyAny>>,
    pub(crate) time_limit: Option<&'a Bound<'py, PyAny>>,
    pub(crate) memory_limit: Option<&'a Bound<'py, PyAny>>,
    pub(crate) gap: Option<&'a Bound<'py, PyAny>>,
    pub(crate) progress: Option<&'a Bound<'py, PyAny>>,
    pub(crate) on_interrupt: &'a str,
}

/// How to solve, and who is told how far that is.
pub(crate) struct How {
    pub(crate) options: Options,
    pub(crate) listener: Option<Listener>,
}

impl How {
    /// Checks what was given.
    pub(crate) fn read(py: Python<'_>, given: &Given<'_, '_>) -> PyResult<Self> {
        let options = Options {
            threads: given.threads.map(read_threads).transpose()?,
            time_limit: given.time_limit.map(read_seconds).transpose()?.flatten(),
            memory_limit: given.memory_limit.map(read_mebibytes).transpose()?,
            gap: given.gap.map(read_gap).transpose()?,
            on_stop: read_on_interrupt(py, given.on_interrupt)?,
            ..Options::default()
        };
        if let Some(progress) = given.progress
            && !progress.is_callable()
            && !progress.is_instance_of::<PyBool>()
        {
            let message = "progress is a function, True, False or None";
            return Err(fault(progress, "progress", message));
        }
        Ok(Self {
            options,
            listener: Listener::read(py, given.progress)?,
        })
    }
}

pub(crate) fn read_threads(given: &Bound<'_, PyAny>) -> PyResult<usize> {
    let message = "a number of threads is a whole number, 1 or more";
    read_whole(given).ok_or_else(|| fault(given, "threads", message))
}

fn read_mebibytes(given: &Bound<'_, PyAny>) -> PyResult<u64> {
    let mebibytes = read_whole::<u32>(given).filter(|mebibytes| *mebibytes > 0);
    let message = "a memory limit is a whole number of mebibytes, 1 or more";
    mebibytes
        .map(|mebibytes| u64::from(mebibytes) << 20)
        .ok_or_else(|| fault(given, "memory_limit", message))
}

fn read_gap(given: &Bound<'_, PyAny>) -> PyResult<u64> {
    let message = "a gap is a whole number of units of the score, 0 or more";
    read_whole(given).ok_or_else(|| fault(given, "gap", message))
}

fn read_on_interrupt(py: Python<'_>, given: &str) -> PyResult<OnStop> {
    match given {
        "raise" => Ok(OnStop::Error),
        "keep" => Ok(OnStop::Keep),
        _ => {
            let message = "what Ctrl-C does is 'raise' or 'keep'";
            Err(fault(&PyString::new(py, given), "on_interrupt", message))
        }
    }
}

/// A whole number; a truth is none, nor is a float.
pub(crate) fn read_whole<'a, 'py, T: FromPyObject<'a, 'py>>(
    given: &'a Bound<'py, PyAny>,
) -> Option<T> {
    let is_number = !given.is_instance_of::<PyBool>() && !given.is_instance_of::<PyFloat>();
    given.extract().ok().filter(|_| is_number)
}

/// A time that is longer than can be counted, such as infinity, is no limit.
pub(crate) fn read_seconds(given: &Bound<'_, PyAny>) -> PyResult<Option<Duration>> {
    // NumPy's booleans are numbers to `extract`, too.
    let is_truth = given.extract::<bool>().is_ok();
    let seconds = given.extract::<f64>().ok();
    match seconds.filter(|seconds| !is_truth && *seconds > 0.0) {
        Some(seconds) => Ok(Duration::try_from_secs_f64(seconds).ok()),
        None => Err(fault(
            given,
            "time_limit",
            "a time limit is a number of seconds above 0, or None for no limit",
        )),
    }
}

/// A value as an error shows it.
pub(crate) fn shown(given: &Bound<'_, PyAny>) -> String {
    match given.repr() {
        Ok(shown) => shown.to_string_lossy().chars().take(LONGEST).collect(),
        Err(_) => String::from("this value"),
    }
}

/// The error of an argument: it is no key of the programme, so the words do not call it one.
pub(crate) fn fault(given: &Bound<'_, PyAny>, argument: &str, message: &str) -> PyErr {
    let py = given.py();
    let message = format!("{argument}: {message}, not {}", shown(given));
    let error = raised(py, &Error::new(ErrorKind::Program, message));
    match error.value(py).setattr("key", argument) {
        Ok(()) => error,
        Err(fault) => fault,
    }
}
