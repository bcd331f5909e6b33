//! `threads=` and `time_limit=`, as every verb that solves takes them.

use std::time::Duration;

use nearpeer::{Error, ErrorKind, Options};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat};

use crate::errors::raised;

/// The most of a value that an error shows, in characters.
const LONGEST: usize = 80;

/// Checks how to solve.
pub(crate) fn options(
    threads: Option<&Bound<'_, PyAny>>,
    seconds: Option<&Bound<'_, PyAny>>,
) -> PyResult<Options> {
    Ok(Options {
        threads: threads.map(read_threads).transpose()?,
        time_limit: seconds.map(read_seconds).transpose()?.flatten(),
        ..Options::default()
    })
}

fn read_threads(given: &Bound<'_, PyAny>) -> PyResult<usize> {
    let is_number = !given.is_instance_of::<PyBool>() && !given.is_instance_of::<PyFloat>();
    given
        .extract::<usize>()
        .ok()
        .filter(|_| is_number)
        .ok_or_else(|| {
            fault(
                given,
                "threads",
                "a number of threads is a whole number, 1 or more",
            )
        })
}

/// A time that is longer than can be counted, such as infinity, is no limit.
fn read_seconds(given: &Bound<'_, PyAny>) -> PyResult<Option<Duration>> {
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

/// The error of an argument: it is no key of the programme, so the words do not call it one.
fn fault(given: &Bound<'_, PyAny>, argument: &str, message: &str) -> PyErr {
    let py = given.py();
    let shown = match given.repr() {
        Ok(shown) => shown.to_string_lossy().chars().take(LONGEST).collect(),
        Err(_) => String::from("this value"),
    };
    let message = format!("{argument}: {message}, not {shown}");
    let error = raised(py, &Error::new(ErrorKind::Program, message));
    match error.value(py).setattr("key", argument) {
        Ok(()) => error,
        Err(fault) => fault,
    }
}
