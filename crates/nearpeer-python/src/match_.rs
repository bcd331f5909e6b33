//! `Program.match`, and the `Match` that it gives.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use nearpeer::document::Document;
use nearpeer::tables::{blocking_table, pairs_table, unmatched_table};
use nearpeer::{Error, ErrorKind, Match, Options, Program, RuleState, Tables};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::certificate::PyCertificate;
use crate::errors::raised;
use crate::interrupt;
use crate::options::{How, read_threads};
use crate::pickle;
use crate::report::{Asked, MadeOf};
use crate::results::PyResultTable;

/// A match: the chosen pairs, everybody who is left, and the proof.
///
/// `Program.match` makes it. Matches are equal where every part is; ``len(match)`` is the number of
/// pairs, and a match can be pickled for the same version of nearpeer.
#[pyclass(name = "Match", module = "nearpeer", frozen, eq)]
pub(crate) struct PyMatch {
    pub(crate) found: Match,
    /// What it was made of; a match that was pickled does not know.
    input: MadeOf,
}

impl PartialEq for PyMatch {
    fn eq(&self, other: &Self) -> bool {
        self.found == other.found
    }
}

/// What a level of fairness costs, in micropoints.
///
/// Two matches that are equally good in the levels above are compared: the match itself, and the
/// best one without the level, whose pairs are in the certificate.
#[pyclass(name = "PriceOfFairness", module = "nearpeer", frozen, eq, get_all)]
#[derive(Clone, PartialEq)]
pub(crate) struct PyPriceOfFairness {
    /// The total score of the match.
    score: i64,
    /// The total score of the best match without the level.
    without: i64,
    /// ``without - score``.
    price: i64,
}

#[pymethods]
impl PyPriceOfFairness {
    fn __repr__(&self) -> String {
        format!(
            "PriceOfFairness(score={}, without={}, price={})",
            self.score, self.without, self.price
        )
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
        let roster = tables.roster()?;
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

    /// Everybody in no pair, and why: ``id``, ``role``, ``reason``, ``detail``.
    #[getter]
    fn unmatched(&self) -> PyResultTable {
        unmatched_table(&self.found).into()
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

    /// Give the blocking pairs: two people who may be paired, are not, and would both rather be.
    ///
    /// Each would be in a free place, or in that of somebody whom they have. Who is in a person's
    /// ``preferences`` comes first, in that order; then the others, by score. A stable match has no
    /// blocking pair; of any other this says how far it is from one.
    ///
    /// Other Python threads run meanwhile, and Ctrl-C ends it.
    ///
    /// Parameters
    /// ----------
    /// threads : int, optional
    ///     Threads to use; all cores by default.
    ///
    /// Returns
    /// -------
    /// Table
    ///     ``mentee_id``, ``mentor_id``, and ``mentee_rank`` and ``mentor_rank``: the other's place
    ///     among all whom the person may have, the most wanted being 1.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     If the match was pickled: its tables are not kept.
    /// ProgramError
    ///     If ``threads`` cannot be used.
    #[pyo3(signature = (*, threads=None))]
    fn blocking_pairs(
        &self,
        py: Python<'_>,
        threads: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyResultTable> {
        let options = Options {
            threads: threads.map(read_threads).transpose()?,
            ..Options::default()
        };
        let input = self.input.clone().ok_or_else(|| {
            let message =
                "a match that was pickled has no tables; match again for its blocking pairs";
            raised(py, &Error::input(message))
        })?;
        let found = self.found.clone();
        let stop = options.stop.clone();
        let blocking = interrupt::run(py, &stop, move || {
            let (roster, program) = &*input;
            found.blocking_pairs(roster, program, &options)
        })?;
        Ok(blocking_table(&blocking).into())
    }

    /// The lowest score of the pairs, in micropoints; None where there are none.
    #[getter]
    fn lowest_score(&self) -> Option<i64> {
        self.found.lowest_score().map(|score| score.0)
    }

    /// What the level of fairness costs; None without one, or without ``score``.
    #[getter]
    fn price_of_fairness(&self) -> Option<PyPriceOfFairness> {
        self.found
            .price_of_fairness()
            .map(|cost| PyPriceOfFairness {
                score: cost.with.0,
                without: cost.without.0,
                price: cost.price().0,
            })
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
        py.detach(|| nearpeer::answer::save(&self.found, &dir))
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
    ///     The column that names people: ``id``, or another column of the tables. Then the page has
    ///     rosters, too. Without it people are named by their rows in the tables.
    /// redacted : bool, optional
    ///     Whether the page is for sharing: it names nobody, and withholds numbers from 1 to 9 and
    ///     those from which they could be worked out.
    /// title : str, optional
    ///     The heading.
    /// sites : list of str, optional
    ///     The schools whose rosters are printed; all by default.
    ///
    /// Returns
    /// -------
    /// path
    ///     Where the file is.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     If no table has the column or the school, if there are to be names in a redacted page,
    ///     or if the match was pickled: its tables are not kept.
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
        sites: Option<Vec<String>>,
    ) -> PyResult<PathBuf> {
        let asked = Asked {
            names,
            redacted,
            title,
            sites,
        };
        asked.save(py, &self.found, &self.input, &path)
    }

    /// Give the page that `report` writes, as text.
    ///
    /// Parameters
    /// ----------
    /// names : str, optional
    ///     The column that names people: ``id``, or another column of the tables. Then the page has
    ///     rosters, too. Without it people are named by their rows in the tables.
    /// redacted : bool, optional
    ///     Whether the page is for sharing: it names nobody, and withholds numbers from 1 to 9 and
    ///     those from which they could be worked out.
    /// title : str, optional
    ///     The heading.
    /// sites : list of str, optional
    ///     The schools whose rosters are printed; all by default.
    ///
    /// Returns
    /// -------
    /// str
    ///     The HTML document.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     If no table has the column or the school, if there are to be names in a redacted page,
    ///     or if the match was pickled: its tables are not kept.
    #[pyo3(signature = (*, names=None, redacted=false, title=None, sites=None))]
    fn to_html(
        &self,
        py: Python<'_>,
        names: Option<String>,
        redacted: bool,
        title: Option<String>,
        sites: Option<Vec<String>>,
    ) -> PyResult<String> {
        let asked = Asked {
            names,
            redacted,
            title,
            sites,
        };
        asked.html(py, &self.found, &self.input)
    }

    /// Give the whole result as one JSON document, as ``nearpeer match --json FILE`` writes it.
    ///
    /// ``docs/schema/match-1.json`` is its JSON Schema. Scores are in micropoints.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| Document::from(&self.found).to_json())
            .map_err(|error| raised(py, &error))
    }

    /// Give what `to_json` gives as dictionaries and lists.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let text = self.to_json(py)?;
        let dict = py.import("json")?.call_method1("loads", (text,))?;
        Ok(dict.cast_into::<PyDict>()?)
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
            "<Match: {} of {} mentees covered, {pairs} pairs, mean score {mean}{lowest}{cost}, {}, gap {}>",
            self.covered(),
            self.mentees(),
            self.found.certificate.status.as_str(),
            self.found.certificate.gap,
        )
    }
}
