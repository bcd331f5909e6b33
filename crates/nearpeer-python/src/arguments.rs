//! Arguments with errors in the words of whoever called: what was given, and what is taken. Python puts the argument's name
//! before them.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::options::{read_whole, shown};

/// A whole number, 0 or more.
pub(crate) fn whole<'py, T>(given: &Bound<'py, PyAny>) -> PyResult<T>
where
    T: for<'a> FromPyObject<'a, 'py>,
{
    read_whole(given).ok_or_else(|| fault(given, "a whole number, 0 or more, is needed"))
}

/// The same where there may be none.
pub(crate) fn whole_if_given<'py, T>(given: &Bound<'py, PyAny>) -> PyResult<Option<T>>
where
    T: for<'a> FromPyObject<'a, 'py>,
{
    match given.is_none() {
        true => Ok(None),
        false => whole(given).map(Some),
    }
}

/// Schools, of which one alone is easily given as it stands.
pub(crate) fn schools_if_given(given: &Bound<'_, PyAny>) -> PyResult<Option<Vec<String>>> {
    if given.is_none() {
        return Ok(None);
    }
    let is_list = given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>();
    let schools = given.extract().ok().filter(|_| is_list);
    let message = "a list of schools is needed, such as ['Lincoln']";
    schools.map(Some).ok_or_else(|| fault(given, message))
}

/// The error of an argument of another type.
pub(crate) fn fault(given: &Bound<'_, PyAny>, message: &str) -> PyErr {
    PyTypeError::new_err(format!("{message}, not {}", shown(given)))
}
