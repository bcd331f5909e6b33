//! `Program.assess`, and the `Assessment` that it gives.

use std::path::PathBuf;

use nearpeer::tables::{
    bottleneck_members_table, bottlenecks_table, eligibility_table, rule_counts_table, staff_table,
    supply_table,
};
use nearpeer::words::counted;
use nearpeer::{Assessment, Options, Program, Role, Tables, assessment, notebook};
use pyo3::prelude::*;

use crate::errors::raised;
use crate::interrupt;
use crate::results::PyResultTable;
use crate::tables::with_columns;

/// What can be said of a programme's people before any matching.
///
/// `Program.assess` makes it. ``print(assessment)`` shows a page with what matters the most; the
/// tables have everything.
#[pyclass(name = "Assessment", module = "nearpeer", frozen, eq)]
#[derive(PartialEq)]
pub(crate) struct PyAssessment(Assessment);

/// Reads the tables and looks at all pairs, without the GIL.
pub(crate) fn assess(
    py: Python<'_>,
    program: Program,
    tables: Tables,
    threads: Option<usize>,
) -> PyResult<PyAssessment> {
    let options = Options {
        threads,
        ..Options::default()
    };
    let stop = options.stop.clone();
    interrupt::run(py, &stop, move || {
        let roster = tables.roster().map_err(with_columns)?;
        program.assess_with(&roster, &options).map(PyAssessment)
    })
}

#[pymethods]
impl PyAssessment {
    /// Everybody, and who may be paired with them: ``id``, ``role``, ``candidates``, ...
    ///
    /// ``candidates`` is how many may be paired with the person. Where nobody may, ``rule`` is the
    /// one without which the most could be had, or else the one that rules out the most;
    /// ``removed`` is how many it rules out, and ``alone`` how many of these no other rule does.
    #[getter]
    fn eligibility(&self) -> PyResultTable {
        eligibility_table(&self.0).into()
    }

    /// What each rule costs: ``rule``, ``on``, ``why_off``, ``pairs_removed``, ...
    ///
    /// ``pairs_alone`` are the pairs that only this rule forbids; ``mentees_alone`` and
    /// ``mentors_alone`` the people without anybody who would have somebody but for this rule.
    #[getter]
    fn rules(&self) -> PyResultTable {
        rule_counts_table(&self.0).into()
    }

    /// Supply and demand by site, grade, slot and language.
    ///
    /// ``by`` and ``value`` say of whom, ``mentees`` how many there are and ``mentees_served`` how
    /// many of them have an eligible mentor (by slot and language one with the same value);
    /// ``mentors``, ``mentors_ready`` those who pass the rules on themselves, and the ``room`` that
    /// these have; ``mentors_in_reach`` and ``room_in_reach`` those whom any of the mentees may
    /// have.
    #[getter]
    fn supply(&self) -> PyResultTable {
        supply_table(&self.0).into()
    }

    /// Mentees who can only be served by too few mentors: ``bottleneck``, ``mentees``, ...
    ///
    /// ``room`` is how many these ``mentors`` can take, ``shortage`` how many of the mentees every
    /// match leaves at least; all shortages add up to ``mentees - coverage`` of the assessment.
    #[getter]
    fn bottlenecks(&self) -> PyResultTable {
        bottlenecks_table(&self.0).into()
    }

    /// Who is in the bottlenecks: ``bottleneck``, ``role``, ``id``.
    #[getter]
    fn bottleneck_members(&self) -> PyResultTable {
        bottleneck_members_table(&self.0).into()
    }

    /// Leaders and places by site and slot, where pairs get slots; without rows otherwise.
    ///
    /// ``slot`` is null for the week of a site. ``mentees`` could meet there then; ``capacity`` is
    /// how many pairs ``room`` and ``leaders`` allow, ``leaders_needed`` how many leaders at least
    /// all who could meet there need, and ``short`` how many of those have no place.
    #[getter]
    fn staff(&self) -> PyResultTable {
        staff_table(&self.0).into()
    }

    /// Settings and columns that have no effect, a sentence each.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.0.notes.clone()
    }

    /// How many mentees there are.
    #[getter]
    fn mentees(&self) -> usize {
        self.0.mentees
    }

    /// How many mentors there are.
    #[getter]
    fn mentors(&self) -> usize {
        self.0.mentors
    }

    /// How many pairs every rule allows.
    #[getter]
    fn eligible_pairs(&self) -> u64 {
        self.0.eligible_pairs
    }

    /// The most mentees that any match can cover, as far as loads are concerned.
    #[getter]
    fn coverage(&self) -> usize {
        self.0.coverage
    }

    /// Write the tables as CSV files as the command does.
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
        py.detach(|| assessment::save(&self.0, &dir))
            .map_err(|error| raised(py, &error))
    }

    fn __str__(&self) -> String {
        assessment::page(&self.0).join("\n")
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        notebook::assessment(&self.0).map_err(|error| raised(py, &error))
    }

    fn __repr__(&self) -> String {
        let without = self.0.without_candidates(Role::Mentee);
        format!(
            "<Assessment: {}, {without} without an eligible mentor, {}, coverage at most {}, {}>",
            counted(self.0.mentees, "mentee"),
            counted(self.0.mentors, "mentor"),
            self.0.coverage,
            counted(self.0.bottlenecks.len(), "bottleneck"),
        )
    }
}
