//! `Program.match`, and the `Match` that it gives.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use nearpeer::document::Document;
use nearpeer::tables::{blocking_table, groups_table, pairs_table, unmatched_table};
use nearpeer::{Error, ErrorKind, Match, Options, Program, RuleState, Tables};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::certificate::PyCertificate;
use crate::errors::raised;
use crate::interrupt;
use crate::options::{How, read_threads};
use crate::pickle;
use crate::price_of_fairness::PyPriceOfFairness;
use crate::report;
use crate::results::PyResultTable;
use crate::whatif::{self, Asked, Count, Made};

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

    /// Everybody in no pair, and why: ``id``, ``role``, ``reason``, its numbers, and ``detail``.
    ///
    /// Each reason has columns of its own, which are null for the others: ``rule``, ``removed`` and
    /// ``alone`` of ``not_eligible``; ``rivals``, ``regret`` (in points), ``mentor_id``,
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
        let Asked { found, made } = self.asked(py)?;
        let stop = options.stop.clone();
        let blocking = interrupt::run(py, &stop, move || {
            let (roster, program) = &*made;
            found.blocking_pairs(roster, program, &options)
        })?;
        Ok(blocking_table(&blocking).into())
    }

    /// Say why a person has whom they have or nobody, or why two people are no pair.
    ///
    /// Of a person: who may be paired with them, whom each rule rules out, whom they would like
    /// better and who has those. Of two people, in either order: each rule, the score by criterion,
    /// and what the pair would cost the programme, for which it is solved again with the pair
    /// required. Other Python threads run meanwhile, and Ctrl-C ends it.
    ///
    /// Parameters
    /// ----------
    /// id : str or int
    ///     A mentee or a mentor.
    /// other : str or int, optional
    ///     Somebody on the other side.
    /// threads : int, optional
    ///     Threads to use; all cores by default. The answer does not depend on it.
    /// time_limit : float, optional
    ///     Seconds after which the question is given up.
    ///
    /// Returns
    /// -------
    /// Explanation or PairExplanation
    ///     The latter of two people.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     For an id that nobody has, naming the nearest; and if the match was pickled: its tables
    ///     are not kept.
    /// ProgramError
    ///     If ``threads`` or ``time_limit`` cannot be used.
    /// LimitError
    ///     If a limit came before the answer.
    ///
    /// Examples
    /// --------
    /// >>> import nearpeer as npr
    /// >>> import pyarrow as pa
    /// >>> mentees = {"id": ["ana", "bo"], "grade": [6, 7], "interests": ["art;chess", "art"]}
    /// >>> mentors = {"id": ["max"], "grade": [9], "interests": ["chess"]}
    /// >>> match = npr.Program().match(pa.table(mentees), pa.table(mentors))
    /// >>> print(match.explain("bo", "max"))
    /// mentee bo and mentor max: may be paired, and are not
    ///   grade_gap passes (grades 7 and 9, a gap of 2; at least 2 is asked)
    /// score: 0.225000 (interests 0.000000, grade_gap 0.750000)
    /// the mentee has nobody; regret 0.225000
    /// the mentor has ana (0.650000); regret -0.425000
    /// the pair would cost the programme 0.425000 points
    #[pyo3(signature = (id, other=None, *, threads=None, time_limit=None))]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        id: &Bound<'py, PyAny>,
        other: Option<&Bound<'py, PyAny>>,
        threads: Option<&Bound<'py, PyAny>>,
        time_limit: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = whatif::options(threads, time_limit)?;
        whatif::explain(py, self.asked(py)?, id, other, options)
    }

    /// List the next partners for a person, with what each costs the programme.
    ///
    /// A cost is the difference of two proven optima, that of the programme and that with the pair
    /// required: everybody else may have another partner then. Other Python threads run meanwhile,
    /// and Ctrl-C ends it.
    ///
    /// Parameters
    /// ----------
    /// id : str or int
    ///     A mentee or a mentor.
    /// n : int, optional
    ///     How many partners.
    /// threads : int, optional
    ///     Threads to use; all cores by default. The answer does not depend on it.
    /// time_limit : float, optional
    ///     Seconds after which the question is given up.
    ///
    /// Returns
    /// -------
    /// Table
    ///     The cheapest first: ``partner_id``, ``score`` in points; what is lost in each level of
    ///     the objective, such as ``lost_coverage`` in mentees and ``lost_score`` in micropoints
    ///     (below 0 where it is gained because of a loss before); ``held_by``, the ids of those
    ///     who have the partner; and the score by criterion.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     For an id that nobody has, naming the nearest; and if the match was pickled: its tables
    ///     are not kept.
    /// ProgramError
    ///     If the match is a stable one, which is no optimum, or ``n``, ``threads`` or
    ///     ``time_limit`` cannot be used.
    /// LimitError
    ///     If a limit came before the answer.
    ///
    /// Examples
    /// --------
    /// >>> import nearpeer as npr
    /// >>> import pyarrow as pa
    /// >>> mentees = {"id": ["ana", "bo"], "grade": [6, 7], "interests": ["art;chess", "art"]}
    /// >>> mentors = {"id": ["max", "zoe"], "grade": [9, 10], "interests": ["chess", "art"]}
    /// >>> match = npr.Program().match(pa.table(mentees), pa.table(mentors))
    /// >>> other = match.alternatives("ana", n=1)
    /// >>> other["partner_id"], other["lost_coverage"], other["lost_score"], other["held_by"]
    /// (['zoe'], [0], [850000], [['bo']])
    #[pyo3(
        signature = (id, n=Count(5), *, threads=None, time_limit=None),
        text_signature = "($self, id, n=5, *, threads=None, time_limit=None)"
    )]
    fn alternatives(
        &self,
        py: Python<'_>,
        id: &Bound<'_, PyAny>,
        n: Count,
        threads: Option<&Bound<'_, PyAny>>,
        time_limit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyResultTable> {
        let options = whatif::options(threads, time_limit)?;
        whatif::alternatives(py, self.asked(py)?, id, n, options)
    }

    /// Say what would add matches, the most effective first.
    ///
    /// Training, screening or consent finished for all who lack it; rules relaxed by a step;
    /// mentors, rooms and leaders to add. Shadow prices say what to try, and every number is that
    /// of solving the changed programme. Other Python threads run meanwhile, and Ctrl-C ends it.
    ///
    /// Parameters
    /// ----------
    /// n : int, optional
    ///     At most so many pieces of advice.
    /// costs : mapping or table, optional
    ///     What one unit costs, by kind of advice: ``{"training": 50, "mentor": 300}``, or a table
    ///     of ``kind`` and ``cost``.
    /// threads : int, optional
    ///     Threads to use; all cores by default. The answer does not depend on it.
    /// time_limit : float, optional
    ///     Seconds after which what is proven by then is returned.
    ///
    /// Returns
    /// -------
    /// Table
    ///     ``kind``, ``what`` (a sentence), ``matches_added`` in mentees, ``score_added`` in
    ///     micropoints, ``units`` (people, rooms or rules that change), ``cost``, ``people`` (the
    ///     ids of those who change) and ``verified``, which is always true.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     If the match was pickled: its tables are not kept; or a table of costs cannot be read.
    /// ProgramError
    ///     If ``n``, ``costs``, ``threads`` or ``time_limit`` cannot be used.
    ///
    /// Examples
    /// --------
    /// >>> import nearpeer as npr
    /// >>> import pyarrow as pa
    /// >>> mentees = pa.table({"id": ["ana", "bo"], "grade": [6, 6]})
    /// >>> mentors = pa.table({"id": ["max", "zoe"], "grade": [9, 9], "trained": [True, False]})
    /// >>> match = npr.Program().match(mentees, mentors)
    /// >>> advice = match.advise(n=1, costs={"training": 50})
    /// >>> advice["what"], advice["matches_added"], advice["cost"]
    /// (['finishing the training of 1 mentor adds 1 match'], [1], [50.0])
    #[pyo3(
        signature = (n=Count(10), costs=None, *, threads=None, time_limit=None),
        text_signature = "($self, n=10, costs=None, *, threads=None, time_limit=None)"
    )]
    fn advise(
        &self,
        py: Python<'_>,
        n: Count,
        costs: Option<&Bound<'_, PyAny>>,
        threads: Option<&Bound<'_, PyAny>>,
        time_limit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyResultTable> {
        let options = whatif::options(threads, time_limit)?;
        whatif::advise(py, self.asked(py)?, n, costs, options)
    }

    /// Say how the groups of mentees with equal cells in a column fare.
    ///
    /// What is told of fewer than ``min_n`` people is suppressed (null): the numbers of a group of
    /// fewer mentees, and the scores of a group in which fewer have a mentor. So that it cannot be
    /// had by subtraction from the total either, further groups are suppressed, the smallest
    /// first, until there are at least two, of at least ``min_n`` people together. Tables of
    /// several columns must not be held against each other: that is not looked after.
    ///
    /// Parameters
    /// ----------
    /// column : str
    ///     A column of the mentees with one value each: ``site``, ``grade``, ``gender``, ... or one
    ///     of your own.
    /// min_n : int, default 10
    ///     The least number of people that something is told of.
    ///
    /// Returns
    /// -------
    /// Table
    ///     ``column``, ``kind`` (``group``, ``missing`` or ``total``), ``value``, ``mentees``,
    ///     ``covered``, ``coverage`` (0 to 1), ``mean_score`` and ``worst_off`` in points,
    ///     ``suppressed``, ``scores_suppressed``.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     If there is no such column, or it holds lists, or the match was pickled: its tables are
    ///     not kept.
    ///
    /// Examples
    /// --------
    /// >>> import nearpeer as npr
    /// >>> district = npr.synth(students=300, sites=3, seed=7)
    /// >>> match = district.program.match(district.mentees, district.mentors)
    /// >>> match.groups("site").column_names[3:6]
    /// ['mentees', 'covered', 'coverage']
    #[pyo3(signature = (column, *, min_n=10))]
    fn groups(&self, py: Python<'_>, column: &str, min_n: usize) -> PyResult<PyResultTable> {
        let input = self.input.as_ref().ok_or_else(|| {
            let message = "a match that was pickled has no tables; match again for its groups";
            raised(py, &Error::input(message))
        })?;
        let groups = self.found.groups(&input.0, column, min_n);
        let groups = groups.map_err(|error| raised(py, &error))?;
        Ok(groups_table(&[groups]).into())
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
        let asked = report::Asked {
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
        let asked = report::Asked {
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
