//! `Program.co_match`, and the `CoMatch` that it gives.

use std::path::PathBuf;
use std::sync::Arc;

use nearpeer::document::CoDocument;
use nearpeer::tables::{left_out_table, ties_table};
use nearpeer::words::counted;
use nearpeer::{CoMatch, Program, Roster, StudentTables, notebook};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arguments::schools_if_given;
use crate::certificate::PyCertificate;
use crate::errors::raised;
use crate::interrupt;
use crate::match_::rules_table;
use crate::options::How;
use crate::report;
use crate::results::PyResultTable;
use crate::tables::with_columns;

/// A co-mentoring match: the groups, everybody who is left, and the proof.
///
/// `Program.co_match` makes it. Matches are equal where every part is; ``len(match)`` is the number
/// of groups.
#[pyclass(name = "CoMatch", module = "nearpeer", frozen, eq)]
pub(crate) struct PyCoMatch {
    pub(crate) found: CoMatch,
    /// The students that it was made of.
    roster: Arc<Roster>,
}

impl PartialEq for PyCoMatch {
    fn eq(&self, other: &Self) -> bool {
        self.found == other.found
    }
}

/// Reads the tables and solves, without the GIL.
pub(crate) fn solve(
    py: Python<'_>,
    program: Program,
    tables: StudentTables,
    how: How,
) -> PyResult<PyCoMatch> {
    interrupt::solve(py, how, move |options| {
        let roster = tables.roster().map_err(with_columns)?;
        Ok(PyCoMatch {
            found: program.co_match_with(&roster, options)?,
            roster: Arc::new(roster),
        })
    })
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
        ties_table(&self.found).into()
    }

    /// Everybody in no group, and why: ``id``, ``reason``, ``detail``.
    #[getter]
    fn unmatched(&self) -> PyResultTable {
        left_out_table(&self.found).into()
    }

    /// Settings and columns that have no effect, a sentence each.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.found.notes.clone()
    }

    /// Every eligibility rule, and whether it took part: ``code``, ``on``, ``why_off``.
    #[getter]
    fn rules(&self) -> PyResultTable {
        rules_table(&self.found.rules)
    }

    /// The names of the criteria, in the order of the columns of `pairs`.
    #[getter]
    fn criteria(&self) -> Vec<String> {
        self.found.criteria.clone()
    }

    /// The proof.
    #[getter]
    fn certificate(&self) -> PyCertificate {
        self.found.certificate.clone().into()
    }

    /// How many students are in a group.
    #[getter]
    fn covered(&self) -> usize {
        self.found.covered()
    }

    /// How many students there are.
    #[getter]
    fn students(&self) -> usize {
        self.found.students
    }

    /// How many groups have three students.
    #[getter]
    fn triads(&self) -> usize {
        self.found.triads()
    }

    /// The total score in micropoints, where a triad counts half the sum of its pairs.
    #[getter]
    fn total_score(&self) -> i64 {
        self.found.total_score().0
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
        py.detach(|| nearpeer::answer::save_co_match(&self.found, &dir))
            .map_err(|error| raised(py, &error))
    }

    /// Write the match as one printable page, for people who never saw Python.
    ///
    /// The page is an HTML file that needs nothing else, with the numbers, the reasons, and the
    /// proof in plain words. It appears whole or not at all.
    ///
    /// Parameters
    /// ----------
    /// path : path
    ///     The file to write.
    /// names : str, optional
    ///     The column that names students: ``id``, or another column of the table. Then the page
    ///     has the groups, too. Without it students are named by their rows in the table.
    /// redacted : bool, optional
    ///     Whether the page is for sharing: it names nobody, and withholds numbers from 1 to 9 and
    ///     those from which they could be worked out.
    /// title : str, optional
    ///     The heading.
    /// sites : list of str, optional
    ///     As `Match.report` has it, for mentees and mentors only: groups are in one table.
    ///
    /// Returns
    /// -------
    /// path
    ///     Where the file is.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     If the table has no such column, if there are to be names in a redacted page, and for
    ///     ``sites``.
    /// OSError
    ///     If the file cannot be written; then it has not changed.
    #[pyo3(signature = (path, *, names=None, redacted=false, title=None, sites=None))]
    fn report(
        &self,
        py: Python<'_>,
        path: PathBuf,
        names: Option<String>,
        redacted: bool,
        title: Option<String>,
        #[pyo3(from_py_with = schools_if_given)] sites: Option<Vec<String>>,
    ) -> PyResult<PathBuf> {
        let asked = report::Asked {
            names,
            redacted,
            title,
            sites,
        };
        asked.save_groups(py, &self.found, &self.roster, &path)
    }

    /// Give the page that `report` writes, as text.
    ///
    /// Parameters
    /// ----------
    /// names : str, optional
    ///     The column that names students: ``id``, or another column of the table. Then the page
    ///     has the groups, too. Without it students are named by their rows in the table.
    /// redacted : bool, optional
    ///     Whether the page is for sharing: it names nobody, and withholds numbers from 1 to 9 and
    ///     those from which they could be worked out.
    /// title : str, optional
    ///     The heading.
    /// sites : list of str, optional
    ///     As `Match.to_html` has it, for mentees and mentors only: groups are in one table.
    ///
    /// Returns
    /// -------
    /// str
    ///     The HTML document.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     If the table has no such column, if there are to be names in a redacted page, and for
    ///     ``sites``.
    #[pyo3(signature = (*, names=None, redacted=false, title=None, sites=None))]
    fn to_html(
        &self,
        py: Python<'_>,
        names: Option<String>,
        redacted: bool,
        title: Option<String>,
        #[pyo3(from_py_with = schools_if_given)] sites: Option<Vec<String>>,
    ) -> PyResult<String> {
        let asked = report::Asked {
            names,
            redacted,
            title,
            sites,
        };
        asked.html_of_groups(py, &self.found, &self.roster)
    }

    /// Give the whole result as one JSON document.
    ///
    /// ``nearpeer match --students FILE --json FILE`` writes the same.
    /// ``docs/schema/co-match-1.json`` is its JSON Schema. Scores are in micropoints.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| CoDocument::from(&self.found).to_json())
            .map_err(|error| raised(py, &error))
    }

    /// Give what `to_json` gives as dictionaries and lists.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let text = self.to_json(py)?;
        let dict = py.import("json")?.call_method1("loads", (text,))?;
        Ok(dict.cast_into::<PyDict>()?)
    }

    fn __len__(&self) -> usize {
        self.found.groups.len()
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        notebook::co_match(&self.found).map_err(|error| raised(py, &error))
    }

    fn __repr__(&self) -> String {
        let triads = self.found.triads();
        format!(
            "<CoMatch: {} of {} covered, {}, {}, {}, gap {}>",
            self.found.covered(),
            counted(self.found.students, "student"),
            counted(self.found.groups.len() - triads, "pair"),
            counted(triads, "triad"),
            self.found.certificate.status.as_str(),
            self.found.certificate.gap,
        )
    }
}
