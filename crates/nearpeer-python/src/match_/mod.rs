//! `Program.match`, and the `Match` that it gives.

mod ask;
mod give;
mod plot;

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use nearpeer::tables::{limits_table, pairs_table, unmatched_table};
use nearpeer::words::counted;
use nearpeer::{Error, ErrorKind, Match, Program, RuleState, Tables, notebook};
use pyo3::prelude::*;

use crate::certificate::PyCertificate;
use crate::errors::raised;
use crate::interrupt;
use crate::options::How;
use crate::pickle;
use crate::price_of_fairness::PyPriceOfFairness;
use crate::results::PyResultTable;
use crate::tables::with_columns;
use crate::whatif::{Asked, Made};

/// A match: the chosen pairs, everybody who is left, and the proof.
///
/// `Program.match` makes it. Matches are equal where every part is; ``len(match)`` is the number of
/// pairs, and a match can be pickled for the same version of nearpeer.
#[pyclass(name = "Match", module = "nearpeer", frozen, eq)]
pub(crate) struct PyMatch {
    pub(crate) found: Match,
    /// What it was made of; a match that was pickled does not know.
    input: Option<Made>,
}

impl PartialEq for PyMatch {
    fn eq(&self, other: &Self) -> bool {
        self.found == other.found
    }
}

impl PyMatch {
    /// The match and what it was made of.
    fn asked(&self, py: Python<'_>) -> PyResult<Asked> {
        let made = self.input.clone().ok_or_else(|| {
            let message = "a match that was pickled has no tables; match again to ask about it";
            raised(py, &Error::input(message))
        })?;
        let found = self.found.clone();
        Ok(Asked { found, made })
    }
}

/// Reads the tables and solves, without the GIL.
pub(crate) fn solve(
    py: Python<'_>,
    program: Program,
    tables: Tables,
    how: How,
) -> PyResult<PyMatch> {
    interrupt::solve(py, how, move |options| {
        let roster = tables.roster().map_err(with_columns)?;
        let found = program.solve_with(&roster, options)?;
        Ok(PyMatch {
            found,
            input: Some(Arc::new((roster, program))),
        })
    })
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
    /// ``pairs.cast({"mentee_id": pl.Int64, "mentor_id": pl.Int64})``. Scores are in points. Where
    /// slots are assigned, ``site``, ``slot`` and ``leader`` stand after the ids.
    #[getter]
    fn pairs(&self) -> PyResultTable {
        pairs_table(&self.found).into()
    }

    /// Everybody in no pair, and why: ``id``, ``role``, ``reason``, its numbers, and ``detail``.
    ///
    /// Each reason has columns of its own, which are null for the others: ``rule``, ``removed`` and
    /// ``alone`` of ``not_eligible``; ``rivals``, ``cost`` (in points), ``mentor_id``,
    /// ``rival_id``, ``displaced_id`` and ``bottleneck`` of ``out_competed``, and so on;
    /// ``docs/reasons.md`` has all. ``detail`` says the same in words.
    #[getter]
    fn unmatched(&self) -> PyResultTable {
        unmatched_table(&self.found).into()
    }

    /// Settings and columns that have no effect, a sentence each.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.found.notes.clone()
    }

    /// How the match stands to each limit and promise.
    ///
    /// Columns ``key``, ``what``, ``has``, ``how`` (``at_least`` or ``at_most``), ``limit``, and
    /// ``unit`` (``pairs``, ``mentees``, ``cost``, percentage ``points``). Families and circles
    /// have no numbers.
    #[getter]
    fn limits(&self) -> PyResultTable {
        limits_table(&self.found.limits).into()
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

    /// How many mentees have a mentor.
    #[getter]
    fn covered(&self) -> usize {
        self.found.covered()
    }

    /// How many mentees there are.
    #[getter]
    fn mentees(&self) -> usize {
        self.found.certificate.mentees.len()
    }

    /// How many mentors there are.
    #[getter]
    fn mentors(&self) -> usize {
        self.found.certificate.mentors.len()
    }

    /// The total score of the pairs, in micropoints.
    #[getter]
    fn total_score(&self) -> i64 {
        self.found.total_score().0
    }

    /// The lowest score of the pairs, in micropoints; None where there are none.
    #[getter]
    fn lowest_score(&self) -> Option<i64> {
        self.found.lowest_score().map(|score| score.0)
    }

    /// What fairness or balance costs; None without one, or without ``score``.
    #[getter]
    fn price_of_fairness(&self) -> Option<PyPriceOfFairness> {
        self.found.price_of_fairness().map(PyPriceOfFairness::from)
    }

    /// Read what `pickle` wrote.
    #[staticmethod]
    fn _from_pickle(py: Python<'_>, text: &str) -> PyResult<Self> {
        pickle::from_text(text)
            .map(|found| Self { found, input: None })
            .map_err(|error| raised(py, &error))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let text = pickle::to_text(&slf.get().found)
            .map_err(|error| raised(slf.py(), &Error::new(ErrorKind::Solver, error.to_string())))?;
        Ok((slf.get_type().getattr("_from_pickle")?, (text,)))
    }

    fn __len__(&self) -> usize {
        self.found.pairs.len()
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        notebook::found(&self.found).map_err(|error| raised(py, &error))
    }

    fn __repr__(&self) -> String {
        let pairs = self.found.pairs.len();
        // For reading only; the exact total is `total_score`.
        let mean = match pairs {
            0 => "none".to_owned(),
            _ => format!(
                "{:.4}",
                self.found.total_score().0 as f64 / 1e6 / pairs as f64
            ),
        };
        let fairness = self.found.certificate.fairness.as_ref();
        let lowest = fairness.and_then(|_| self.found.lowest_score());
        let lowest = lowest.map_or_else(String::new, |score| format!(", lowest {score}"));
        let cost = self
            .found
            .price_of_fairness()
            .map_or_else(String::new, |cost| {
                let (price, percent) = (cost.price(), cost.percent());
                format!(", price of fairness {price} ({percent:.2} %)")
            });
        format!(
            "<Match: {} of {} covered, {}, mean score {mean}{lowest}{cost}, {}, gap {}>",
            self.covered(),
            counted(self.mentees(), "mentee"),
            counted(pairs, "pair"),
            self.found.certificate.status.as_str(),
            self.found.certificate.gap,
        )
    }
}
