//! `Program.co_match`, and the `CoMatch` that it gives.

use std::path::PathBuf;

use nearpeer::tables::{left_out_table, ties_table};
use nearpeer::{CoMatch, Program, StudentTables, notebook};
use pyo3::prelude::*;

use crate::certificate::PyCertificate;
use crate::errors::raised;
use crate::interrupt;
use crate::match_::rules_table;
use crate::options::How;
use crate::results::PyResultTable;

/// A co-mentoring match: the groups, everybody who is left, and the proof.
///
/// `Program.co_match` makes it. Matches are equal where every part is; ``len(match)`` is the number
/// of groups.
#[pyclass(name = "CoMatch", module = "nearpeer", frozen, eq)]
#[derive(PartialEq)]
pub(crate) struct PyCoMatch(pub(crate) CoMatch);

/// Reads the tables and solves, without the GIL.
pub(crate) fn solve(
    py: Python<'_>,
    program: Program,
    tables: StudentTables,
    how: How,
) -> PyResult<PyCoMatch> {
    interrupt::solve(py, how, move |options| {
        let roster = tables.roster()?;
        program.co_match_with(&roster, options)
    })
    .map(PyCoMatch)
}

#[pymethods]
impl PyCoMatch {
    /// Every two students who meet: ``group``, ``group_size``, and the ids of both.
    ///
    /// The columns are ``student_a_id``, ``student_b_id``, then ``score`` and one for each
    /// criterion, in points. A pair is one row, a triad three rows of one group. Ids
    /// are text here, whatever they were in the table.
    #[getter]
    fn pairs(&self) -> PyResultTable {
        ties_table(&self.0).into()
    }

    /// Everybody in no group, and why: ``id``, ``reason``, ``detail``.
    #[getter]
    fn unmatched(&self) -> PyResultTable {
        left_out_table(&self.0).into()
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

    /// How many students are in a group.
    #[getter]
    fn covered(&self) -> usize {
        self.0.covered()
    }

    /// How many students there are.
    #[getter]
    fn students(&self) -> usize {
        self.0.students
    }

    /// How many groups have three students.
    #[getter]
    fn triads(&self) -> usize {
        self.0.triads()
    }

    /// The total score in micropoints, where a triad counts half the sum of its pairs.
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
        py.detach(|| nearpeer::answer::save_co_match(&self.0, &dir))
            .map_err(|error| raised(py, &error))
    }

    fn __len__(&self) -> usize {
        self.0.groups.len()
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        notebook::co_match(&self.0).map_err(|error| raised(py, &error))
    }

    fn __repr__(&self) -> String {
        let triads = self.0.triads();
        format!(
            "<CoMatch: {} of {} students covered, {} pairs, {triads} triads, {}, gap {}>",
            self.0.covered(),
            self.0.students,
            self.0.groups.len() - triads,
            self.0.certificate.status.as_str(),
            self.0.certificate.gap,
        )
    }
}
