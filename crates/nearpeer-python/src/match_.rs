//! `Program.match`, and the `Match` that it gives.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use nearpeer::tables::{pairs_table, unmatched_table};
use nearpeer::{Error, ErrorKind, Match, Program, RuleState, Tables};
use pyo3::prelude::*;

use crate::certificate::PyCertificate;
use crate::errors::raised;
use crate::interrupt;
use crate::options::How;
use crate::pickle;
use crate::results::PyResultTable;

/// A match: the chosen pairs, everybody who is left, and the proof.
///
/// `Program.match` makes it. Matches are equal where every part is; ``len(match)`` is the number of
/// pairs, and a match can be pickled for the same version of nearpeer.
#[pyclass(name = "Match", module = "nearpeer", frozen, eq)]
#[derive(PartialEq)]
pub(crate) struct PyMatch(pub(crate) Match);

/// Reads the tables and solves, without the GIL.
pub(crate) fn solve(
    py: Python<'_>,
    program: Program,
    tables: Tables,
    how: How,
) -> PyResult<PyMatch> {
    interrupt::solve(py, how, move |options| {
        let roster = tables.roster()?;
        program.solve_with(&roster, options)
    })
    .map(PyMatch)
}

/// The rules as a table.
pub(crate) fn rules_table(rules: &[RuleState]) -> PyResultTable {
    let codes = StringArray::from_iter_values(rules.iter().map(|rule| &rule.code));
    let on = BooleanArray::from_iter(rules.iter().map(|rule| Some(rule.on)));
    let why_off = StringArray::from_iter(rules.iter().map(|rule| rule.why_off.as_deref()));
    let columns: [(&str, ArrayRef); 3] = [
        ("code", Arc::new(codes)),
        ("on", Arc::new(on)),
        ("why_off", Arc::new(why_off)),
    ];
    RecordBatch::try_from_iter(columns)
        .expect("all columns have one cell a rule")
        .into()
}

#[pymethods]
impl PyMatch {
    /// The chosen pairs: ``mentee_id``, ``mentor_id``, ``score`` and one for each criterion.
    ///
    /// Ids are text here, whatever they were in the tables. To merge with a table whose ids are
    /// whole numbers, cast one side, in pandas
    /// ``pairs.astype({"mentee_id": "int64", "mentor_id": "int64"})`` and in Polars
    /// ``pairs.cast({"mentee_id": pl.Int64, "mentor_id": pl.Int64})``. Scores are in points.
    #[getter]
    fn pairs(&self) -> PyResultTable {
        pairs_table(&self.0).into()
    }

    /// Everybody in no pair, and why: ``id``, ``role``, ``reason``, ``detail``.
    #[getter]
    fn unmatched(&self) -> PyResultTable {
        unmatched_table(&self.0).into()
    }

    /// Settings and columns that have no effect, a sentence each.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.0.notes.clone()
    }

    /// Every eligibility rule, and whether it took part: ``code``, ``on``, ``why_off``.
    #[getter]
    fn rules(&self) -> PyResultTable {
        rules_table(&self.0.rules)
    }

    /// The names of the criteria, in the order of the columns of `pairs`.
    #[getter]
    fn criteria(&self) -> Vec<String> {
        self.0.criteria.clone()
    }

    /// The proof.
    #[getter]
    fn certificate(&self) -> PyCertificate {
        self.0.certificate.clone().into()
    }

    /// How many mentees have a mentor.
    #[getter]
    fn covered(&self) -> usize {
        self.0.covered()
    }

    /// How many mentees there are.
    #[getter]
    fn mentees(&self) -> usize {
        self.0.certificate.mentees.len()
    }

    /// How many mentors there are.
    #[getter]
    fn mentors(&self) -> usize {
        self.0.certificate.mentors.len()
    }

    /// The total score of the pairs, in micropoints.
    #[getter]
    fn total_score(&self) -> i64 {
        self.0.total_score().0
    }

    /// Write ``pairs.csv``, ``unmatched.csv`` and ``certificate.json`` as the command does.
    ///
    /// Parameters
    /// ----------
    /// dir : path
    ///     The folder; it is made if it is not there.
    ///
    /// Returns
    /// -------
    /// list of path
    ///     Where the files are.
    ///
    /// Raises
    /// ------
    /// OSError
    ///     If the folder cannot be written; then nothing has changed.
    fn save(&self, py: Python<'_>, dir: PathBuf) -> PyResult<Vec<PathBuf>> {
        py.detach(|| nearpeer::answer::save(&self.0, &dir))
            .map_err(|error| raised(py, &error))
    }

    /// Read what `pickle` wrote.
    #[staticmethod]
    fn _from_pickle(py: Python<'_>, text: &str) -> PyResult<Self> {
        pickle::from_text(text)
            .map(Self)
            .map_err(|error| raised(py, &error))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let text = pickle::to_text(&slf.get().0)
            .map_err(|error| raised(slf.py(), &Error::new(ErrorKind::Solver, error.to_string())))?;
        Ok((slf.get_type().getattr("_from_pickle")?, (text,)))
    }

    fn __len__(&self) -> usize {
        self.0.pairs.len()
    }

    fn __repr__(&self) -> String {
        let pairs = self.0.pairs.len();
        // For reading only; the exact total is `total_score`.
        let mean = match pairs {
            0 => "none".to_owned(),
            _ => format!("{:.4}", self.0.total_score().0 as f64 / 1e6 / pairs as f64),
        };
        format!(
            "<Match: {} of {} mentees covered, {pairs} pairs, mean score {mean}, {}, gap {}>",
            self.covered(),
            self.mentees(),
            self.0.certificate.status.as_str(),
            self.0.certificate.gap,
        )
    }
}
