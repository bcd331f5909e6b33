//! `Certificate`: the proof as Python sees it.

use nearpeer::{Certificate, Error, ErrorKind, LevelValue, notebook};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::errors::raised;

/// The proof that comes with every result: exact integers, and the prices behind the bound.
#[pyclass(name = "Certificate", module = "nearpeer", frozen, eq)]
#[derive(Clone, PartialEq)]
pub(crate) struct PyCertificate(pub(crate) Certificate);

/// What a match has in one level of the objective, and the proven bound of it.
#[pyclass(name = "LevelValue", module = "nearpeer", frozen, eq, get_all)]
#[derive(Clone, PartialEq)]
pub(crate) struct PyLevelValue {
    /// The level: ``priority 2``, ``coverage``, ``score``, ``blocking pairs``, ...
    level: String,
    /// Its weight in the combined objective; 0 for a level of fairness.
    weight: i128,
    /// The match's value.
    objective: i64,
    /// The proven bound of the value.
    bound: i64,
}

impl From<Certificate> for PyCertificate {
    fn from(certificate: Certificate) -> Self {
        Self(certificate)
    }
}

impl From<&LevelValue> for PyLevelValue {
    fn from(value: &LevelValue) -> Self {
        Self {
            level: value.level.to_string(),
            weight: value.weight,
            objective: value.objective,
            bound: value.bound,
        }
    }
}

/// Reads the text of a `certificate.json`.
pub(crate) fn parse(py: Python<'_>, text: &str) -> PyResult<PyCertificate> {
    serde_json::from_str(text)
        .map(PyCertificate)
        .map_err(|error| {
            let message = format!("not a certificate: {error}");
            raised(py, &Error::input(message))
        })
}

#[pymethods]
impl PyCertificate {
    /// How the solve ended: ``optimal``, ``infeasible`` or ``limit_reached``.
    #[getter]
    fn status(&self) -> &'static str {
        self.0.status.as_str()
    }

    /// The level that the values below speak of: the first that is not proven, else the last.
    #[getter]
    fn level(&self) -> String {
        self.0.level.to_string()
    }

    /// The value in that level: micropoints for scores, a count otherwise.
    #[getter]
    fn objective(&self) -> i64 {
        self.0.objective
    }

    /// No match that is as good in the levels above has a greater value.
    #[getter]
    fn bound(&self) -> i64 {
        self.0.bound
    }

    /// ``bound - objective``: 0 exactly when the match is proven optimal.
    #[getter]
    fn gap(&self) -> i64 {
        self.0.gap
    }

    /// Every level in order, with its values.
    #[getter]
    fn levels(&self) -> Vec<PyLevelValue> {
        self.0.levels.iter().map(PyLevelValue::from).collect()
    }

    /// Give the text of the file ``certificate.json``.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        serde_json::to_string(&self.0)
            .map_err(|error| raised(py, &Error::new(ErrorKind::Solver, error.to_string())))
    }

    /// Read what `to_json` or the command wrote.
    ///
    /// Parameters
    /// ----------
    /// text : str
    ///     The text of a ``certificate.json``.
    ///
    /// Returns
    /// -------
    /// Certificate
    ///
    /// Raises
    /// ------
    /// InputError
    ///     If the text is not a certificate.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        parse(py, text)
    }

    /// Give the file's content as dictionaries and lists.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let text = self.to_json(py)?;
        let dict = py.import("json")?.call_method1("loads", (text,))?;
        Ok(dict.cast_into::<PyDict>()?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let text = slf.get().to_json(slf.py())?;
        Ok((slf.get_type().getattr("from_json")?, (text,)))
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        notebook::certificate(&self.0).map_err(|error| raised(py, &error))
    }

    fn __repr__(&self) -> String {
        format!(
            "Certificate(status='{}', level='{}', objective={}, bound={}, gap={})",
            self.0.status.as_str(),
            self.0.level,
            self.0.objective,
            self.0.bound,
            self.0.gap
        )
    }
}

#[pymethods]
impl PyLevelValue {
    fn __repr__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        let text = format!(
            "LevelValue(level='{}', weight={}, objective={}, bound={})",
            self.level, self.weight, self.objective, self.bound
        );
        Ok(PyString::new(py, &text))
    }
}
