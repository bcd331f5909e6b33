//! `threads=` and `time_limit=`, as every verb that solves takes them.

use nearpeer::programme::time_limit;
use nearpeer::{Error, Options};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat};

use crate::errors::raised;

/// Checks how to solve.
pub(crate) fn options(
    threads: Option<&Bound<'_, PyAny>>,
    seconds: Option<&Bound<'_, PyAny>>,
) -> PyResult<Options> {
    Ok(Options {
        threads: threads.map(read_threads).transpose()?,
        time_limit: seconds.map(read_seconds).transpose()?,
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
            let message = "a number of threads is a whole number, 1 or more";
            raised(given.py(), &Error::program("threads", message))
        })
}

fn read_seconds(given: &Bound<'_, PyAny>) -> PyResult<std::time::Duration> {
    // NaN is refused below, with the same words as every other number that is no time.
    let seconds = match given.extract::<f64>() {
        Ok(seconds) if !given.is_instance_of::<PyBool>() => seconds,
        _ => f64::NAN,
    };
    time_limit(seconds).map_err(|error| raised(given.py(), &error))
}
