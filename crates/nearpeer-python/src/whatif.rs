//! What a `Match` says to 'what if': `explain`, `alternatives` and `advise`.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::sync::Arc;

use nearpeer::tables::{
    advice_table, alternatives_table, cost_table, criteria_table, partners_of_pair_table,
    partners_table, read_costs, removed_table, rivals_table, rule_checks_table,
};
use nearpeer::{
    AdviseOptions, Error, ErrorKind, Explanation, Match, Options, PairExplanation, Program, Roster,
    Table,
};
use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyMapping};

use crate::errors::raised;
use crate::interrupt::run;
use crate::options::{read_seconds, read_threads, read_whole};
use crate::results::PyResultTable;
use crate::tables::batches;

/// What a match was made of.
pub(crate) type Made = Arc<(Roster, Program)>;

/// Why a person has whom they have, or nobody.
///
/// `Match.explain` makes it. ``str`` gives it in words.
#[pyclass(name = "Explanation", module = "nearpeer", frozen, eq)]
#[derive(PartialEq)]
pub(crate) struct PyExplanation(Explanation);

/// Why two people are a pair, or are not.
///
/// `Match.explain` makes it of two ids. ``str`` gives it in words.
#[pyclass(name = "PairExplanation", module = "nearpeer", frozen, eq)]
#[derive(PartialEq)]
pub(crate) struct PyPairExplanation(PairExplanation);

#[pymethods]
impl PyExplanation {
    /// ``mentee`` or ``mentor``.
    #[getter]
    fn role(&self) -> &'static str {
        self.0.role.as_str()
    }

    /// The person's id.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// How many people there are on the other side.
    #[getter]
    fn others(&self) -> usize {
        self.0.others
    }

    /// How many of them may be paired with this person.
    #[getter]
    fn candidates(&self) -> usize {
        self.0.candidates
    }

    /// In how many pairs the person may be.
    #[getter]
    fn load_max(&self) -> u32 {
        self.0.load_max
    }

    /// Why there is nobody, as in `Match.unmatched`; None where there is somebody.
    #[getter]
    fn reason(&self) -> Option<&'static str> {
        self.0.reason.as_ref().map(nearpeer::Reason::code)
    }

    /// The numbers behind the reason; None where there is somebody.
    #[getter]
    fn detail(&self) -> Option<String> {
        self.0.reason.as_ref().map(nearpeer::Reason::detail)
    }

    /// How much more the best wanted partner would score than the worst had, in micropoints.
    #[getter]
    fn regret(&self) -> i64 {
        self.0.regret.0
    }

    /// How many of the others each rule rules out: ``code``, ``removed``.
    #[getter]
    fn rules(&self) -> PyResultTable {
        removed_table(&self.0).into()
    }

    /// Whom the person has: ``partner_id``, ``score``, and the score by criterion.
    #[getter]
    fn partners(&self) -> PyResultTable {
        partners_table(&self.0).into()
    }

    /// Whom the person would like better, and who has them.
    ///
    /// The ten best, a row for each rival: ``partner_id``, ``score``, ``has_room``, ``rival_id``
    /// and ``rival_score`` (None where nobody has the partner), and the score by criterion.
    #[getter]
    fn rivals(&self) -> PyResultTable {
        rivals_table(&self.0).into()
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        let (role, id) = (self.0.role.as_str(), &self.0.id);
        let partners: Vec<&str> = self.0.partners.iter().map(|of| &*of.id).collect();
        let has = match partners.is_empty() {
            true => self.reason().unwrap_or("nobody").to_owned(),
            false => partners.join(", "),
        };
        let (candidates, regret) = (self.0.candidates, self.0.regret.0);
        format!("<Explanation: {role} {id}, {has}; {candidates} eligible, regret {regret}>")
    }
}

#[pymethods]
impl PyPairExplanation {
    /// The mentee's id.
    #[getter]
    fn mentee(&self) -> &str {
        &self.0.mentee
    }

    /// The mentor's id.
    #[getter]
    fn mentor(&self) -> &str {
        &self.0.mentor
    }

    /// Whether the match has the pair.
    #[getter]
    fn chosen(&self) -> bool {
        self.0.chosen
    }

    /// Whether every rule lets the two be paired.
    #[getter]
    fn eligible(&self) -> bool {
        self.0.is_eligible()
    }

    /// The pair's score in micropoints; None if the two may not be paired.
    #[getter]
    fn score(&self) -> Option<i64> {
        self.0.score.map(|score| score.0)
    }

    /// How much more the pair would score than the worst that the mentee has, in micropoints.
    ///
    /// Than 0 where there is a free place; None for a pair of the match, and for one that may not
    /// be.
    #[getter]
    fn mentee_regret(&self) -> Option<i64> {
        self.0.mentee_regret.map(|regret| regret.0)
    }

    /// The same for the mentor.
    #[getter]
    fn mentor_regret(&self) -> Option<i64> {
        self.0.mentor_regret.map(|regret| regret.0)
    }

    /// What the programme would lose with the pair, level by level: ``level``, ``lost``.
    ///
    /// The difference of two proven optima, in mentees and in micropoints of score. None where
    /// there is no cost; `no_cost` then says why.
    #[getter]
    fn cost(&self) -> Option<PyResultTable> {
        self.0.cost.as_ref().map(|cost| cost_table(cost).into())
    }

    /// Why there is no cost; None where there is one.
    #[getter]
    fn no_cost(&self) -> Option<&'static str> {
        self.0.no_cost
    }

    /// Whether a limit came before the cost was known; all else is known.
    #[getter]
    fn is_cut(&self) -> bool {
        self.0.is_cut
    }

    /// What each rule says of the pair: ``code``, ``passes``, ``detail``.
    #[getter]
    fn rules(&self) -> PyResultTable {
        rule_checks_table(&self.0).into()
    }

    /// What each criterion gives, before weighting: ``criterion``, ``value`` in points.
    #[getter]
    fn criteria(&self) -> PyResultTable {
        criteria_table(&self.0).into()
    }

    /// Whom the two have: ``role``, ``id``, ``partner_id``, ``score``.
    #[getter]
    fn partners(&self) -> PyResultTable {
        partners_of_pair_table(&self.0).into()
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        let state = match (self.0.chosen, self.0.is_eligible()) {
            (true, _) => "chosen",
            (false, true) => "eligible",
            (false, false) => "not eligible",
        };
        let cost = self.0.cost.as_ref();
        let cost = cost.map_or_else(String::new, |cost| format!(", would cost {cost}"));
        let (mentee, mentor) = (&self.0.mentee, &self.0.mentor);
        format!("<PairExplanation: {mentee} and {mentor}, {state}{cost}>")
    }
}

/// A match and what it was made of.
pub(crate) struct Asked {
    pub(crate) found: Match,
    pub(crate) made: Made,
}

pub(crate) fn explain<'py>(
    py: Python<'py>,
    asked: Asked,
    id: &Bound<'py, PyAny>,
    other: Option<&Bound<'py, PyAny>>,
    options: Options,
) -> PyResult<Bound<'py, PyAny>> {
    let id = read_id(id)?;
    let other = other.map(read_id).transpose()?;
    let stop = options.stop.clone();
    let Some(other) = other else {
        let explained = run(py, &stop, move || {
            let (roster, program) = &*asked.made;
            asked.found.explain(roster, program, &id, &options)
        })?;
        return Ok(Bound::new(py, PyExplanation(explained))?.into_any());
    };
    let explained = run(py, &stop, move || {
        let (roster, program) = &*asked.made;
        asked
            .found
            .explain_pair(roster, program, &id, &other, &options)
    })?;
    Ok(Bound::new(py, PyPairExplanation(explained))?.into_any())
}

pub(crate) fn alternatives(
    py: Python<'_>,
    asked: Asked,
    id: &Bound<'_, PyAny>,
    n: Count,
    options: Options,
) -> PyResult<PyResultTable> {
    let (id, n) = (read_id(id)?, n.0);
    let stop = options.stop.clone();
    let found = run(py, &stop, move || {
        let (roster, program) = &*asked.made;
        asked.found.alternatives(roster, program, &id, n, &options)
    })?;
    Ok(alternatives_table(&found).into())
}

pub(crate) fn advise(
    py: Python<'_>,
    asked: Asked,
    n: Count,
    costs: Option<&Bound<'_, PyAny>>,
    options: Options,
) -> PyResult<PyResultTable> {
    let costs = costs.map(read_costs_of).transpose()?.unwrap_or_default();
    let advise = AdviseOptions { n: n.0, costs };
    let stop = options.stop.clone();
    let advised = run(py, &stop, move || {
        let (roster, program) = &*asked.made;
        asked.found.advise(roster, program, &advise, &options)
    })?;
    if let Some(left) = advised.not_reached_in_words() {
        let warning = py.get_type::<PyUserWarning>();
        let left = CString::new(left).unwrap_or_default();
        PyErr::warn(py, &warning, &left, 1)?;
    }
    Ok(advice_table(&advised.advice).into())
}

/// How a question is answered.
pub(crate) fn options(
    threads: Option<&Bound<'_, PyAny>>,
    time_limit: Option<&Bound<'_, PyAny>>,
) -> PyResult<Options> {
    Ok(Options {
        threads: threads.map(read_threads).transpose()?,
        time_limit: time_limit.map(read_seconds).transpose()?.flatten(),
        ..Options::default()
    })
}

/// An id: text, or a whole number, as in tables.
fn read_id(given: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = given.extract::<String>() {
        return Ok(text.trim().to_owned());
    }
    if given.is_instance_of::<PyInt>() && !given.is_instance_of::<PyBool>() {
        return Ok(given.str()?.to_string());
    }
    let message = "an id is text or a whole number";
    Err(raised(given.py(), &Error::input(message).in_column("id")))
}

/// How many answers are asked for.
pub(crate) struct Count(pub(crate) usize);

impl<'a, 'py> FromPyObject<'a, 'py> for Count {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let count = read_whole(&given).filter(|n| *n > 0);
        count.map(Self).ok_or_else(|| {
            let message = "n: a number of answers is a whole number, 1 or more";
            let error = raised(given.py(), &Error::new(ErrorKind::Program, message));
            match error.value(given.py()).setattr("key", "n") {
                Ok(()) => error,
                Err(fault) => fault,
            }
        })
    }
}

/// Costs from a mapping, or from a table of ``kind`` and ``cost``.
fn read_costs_of(given: &Bound<'_, PyAny>) -> PyResult<BTreeMap<String, f64>> {
    let py = given.py();
    if let Ok(mapping) = given.cast::<PyMapping>()
        && !given.hasattr("__arrow_c_stream__")?
    {
        let mut costs = BTreeMap::new();
        for item in mapping.items()?.iter() {
            let (kind, cost): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
            let kind: String = kind.extract()?;
            let cost = cost.extract::<f64>().map_err(|_| {
                raised(
                    py,
                    &Error::program(format!("costs.{kind}"), "a cost is a number, 0 or more"),
                )
            })?;
            costs.insert(kind, cost);
        }
        return Ok(costs);
    }
    let table = Table::new("costs", batches("costs", given)?);
    read_costs(&table).map_err(|error| raised(py, &error))
}
