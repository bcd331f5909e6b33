//! `Program`: the coordinator's settings from keyword arguments or a TOML file, and the way to a match.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use nearpeer::{Error, ErrorKind, Program};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::raised;
use crate::match_::{self, PyMatch};
use crate::options::options;
use crate::settings;
use crate::tables::{PairTables, tables};

/// A programme is a page of settings; a file larger than this is something else.
const LARGEST_FILE: u64 = 16 << 20;

/// A mentoring programme's settings. Takes the keys of its TOML file as keyword arguments.
#[pyclass(name = "Program", module = "nearpeer", frozen, eq)]
#[derive(Clone, PartialEq)]
pub(crate) struct PyProgram(pub(crate) Program);

#[pymethods]
impl PyProgram {
    #[new]
    #[pyo3(signature = (**settings))]
    fn new(py: Python<'_>, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let table = settings
            .map(settings::table)
            .transpose()?
            .unwrap_or_default();
        Program::from_table(table)
            .map(Self)
            .map_err(|error| raised(py, &error))
    }

    /// Reads a programme file.
    #[staticmethod]
    fn from_toml(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let bytes = read(&path).map_err(|error| {
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        })?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(fault(
                py,
                format!("{}: the file is too large", path.display()),
            ));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| fault(py, format!("{}: the file is not UTF-8", path.display())))?;
        Self::from_toml_text(py, text.strip_prefix('\u{feff}').unwrap_or(&text))
    }

    /// Reads a programme file's text.
    #[staticmethod]
    fn from_toml_text(py: Python<'_>, text: &str) -> PyResult<Self> {
        Program::from_toml(text)
            .map(Self)
            .map_err(|error| raised(py, &error))
    }

    /// The programme as a file's text.
    fn to_toml(&self) -> String {
        self.0.to_toml()
    }

    /// Matches mentees with mentors to a proven optimum.
    #[pyo3(
        name = "match",
        signature = (mentees, mentors, *, pairs_blocked=None, pairs_required=None, pairs_previous=None,
                     pair_scores=None, threads=None, time_limit=None)
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are Python's keyword arguments"
    )]
    fn match_(
        &self,
        py: Python<'_>,
        mentees: &Bound<'_, PyAny>,
        mentors: &Bound<'_, PyAny>,
        pairs_blocked: Option<&Bound<'_, PyAny>>,
        pairs_required: Option<&Bound<'_, PyAny>>,
        pairs_previous: Option<&Bound<'_, PyAny>>,
        pair_scores: Option<&Bound<'_, PyAny>>,
        threads: Option<&Bound<'_, PyAny>>,
        time_limit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyMatch> {
        let options = options(threads, time_limit)?;
        let pairs = PairTables {
            blocked: pairs_blocked,
            required: pairs_required,
            previous: pairs_previous,
            scores: pair_scores,
        };
        let tables = tables(mentees, mentors, &pairs)?;
        match_::solve(py, self.0.clone(), tables, options)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((
            slf.get_type().getattr("from_toml_text")?,
            (slf.get().to_toml(),),
        ))
    }

    fn __repr__(&self) -> String {
        let levels: Vec<String> = self
            .0
            .objective
            .iter()
            .map(|level| format!("{level:?}").to_lowercase())
            .collect();
        let criteria: Vec<String> = self
            .0
            .criteria
            .iter()
            .map(|criterion| format!("{} {}", criterion.name, criterion.weight))
            .collect();
        let loads = self.0.loads;
        format!(
            "<Program: {}; criteria {}; loads: mentee {}-{}, mentor {}-{}>",
            levels.join(" > "),
            if criteria.is_empty() {
                "none".to_owned()
            } else {
                criteria.join(", ")
            },
            loads.mentee.min,
            loads.mentee.max,
            loads.mentor.min,
            loads.mentor.max,
        )
    }
}

/// The bytes of a file, and one more than the largest that is read if it is longer.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn fault(py: Python<'_>, message: String) -> PyErr {
    raised(py, &Error::new(ErrorKind::Program, message))
}
