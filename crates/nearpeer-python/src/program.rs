//! `Program`: the coordinator's settings from keyword arguments or a TOML file, and the way to a match.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use nearpeer::{Error, ErrorKind, Program};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::assess::{self, PyAssessment};
use crate::co_match::{self, PyCoMatch};
use crate::errors::raised;
use crate::match_::{self, PyMatch};
use crate::options::{Given, How, read_threads};
use crate::settings;
use crate::tables::{FurtherTables, student_tables, tables};

/// A programme is a page of settings; a file larger than this is something else.
const LARGEST_FILE: u64 = 16 << 20;

/// A mentoring programme's settings.
///
/// Takes the keys of the programme's TOML file as keyword arguments; a key that is None is left
/// out. Without settings it is a sensible cross-age programme: a gap of at least two grades, the
/// same site, screening, training, consent and a shared slot where the tables have those columns;
/// scores of interests (0.7) and grade-gap fit (0.3); one pair a person; coverage before score.
///
/// Parameters
/// ----------
/// mode : {'cross_age', 'co_mentoring'}, optional
///     The kind of programme.
/// objective : sequence of str, optional
///     The levels of the objective, the most important first: ``priority``, ``transition``,
///     ``coverage``, then ``worst_off`` or ``leximin``, and ``score``.
/// transition_grades : sequence of int or str, optional
///     The grades that the level ``transition`` counts; 6 and 9 by default.
/// loads : mapping, optional
///     How many pairs a ``mentee`` and a ``mentor`` may be in: ``min``, ``max``, ...
/// limits : mapping, optional
///     What may cut a solve short: ``time`` in seconds, ``memory`` in mebibytes, ``gap`` in
///     micropoints.
/// eligibility : mapping, optional
///     The rules that say who may be paired.
/// meetings : mapping, optional
///     Where pairs meet, ``travel='mentee'`` (at the mentee's site), ``'mentor'`` or ``'either'``,
///     and whether each gets a slot, ``assign``: by default if there are leaders or rooms.
/// circles : mapping, optional
///     What the mentees of one mentor have in common: ``one_slot=True``, ``grade_band=1``.
/// criteria : sequence of mapping, optional
///     What makes a good pair, each with its ``kind`` and ``weight``.
/// quotas : sequence of mapping, optional
///     At most, or at least, so many pairs of a kind: a ``name``, ``at_most``, ``at_least``, and
///     what is counted, such as ``property='cross_site'``, ``different='club'``,
///     ``mentor={'column': 'first_time', 'value': 'yes'}`` or ``language='Spanish'``.
/// budgets : sequence of mapping, optional
///     Limits on what a match costs: a ``name``, ``at_most``, and costs a ``pair``, or of everybody
///     who takes part, in a column of the ``mentee`` or ``mentor`` table.
/// balance : sequence of mapping, optional
///     The coverage of groups of mentees: a ``column``, and the share of each group that is covered
///     ``at_least``, or how far it may be from that of all, ``within``.
/// families : sequence of mapping, optional
///     Siblings and friends: a ``name``, the ids of its ``members``, and ``keep='together'`` or
///     ``'apart'`` for their slots, or ``all_or_none=True``.
/// stability : mapping, optional
///     That wishes are kept to: a ``mode``, which is ``'mentee_optimal'``, ``'mentor_optimal'``,
///     ``'best_score'`` or ``'fewest_blocking'``, and whether the ``unlisted`` are ``'accepted'``
///     or ``'refused'``.
/// triads : bool or int, optional
///     In co-mentoring, whether students who would be left over may be in groups of three, or the
///     greatest number of those.
///
/// Raises
/// ------
/// ProgramError
///     Naming the key, and the nearest known one if it is unknown.
///
/// Examples
/// --------
/// >>> import nearpeer as npr
/// >>> npr.Program(loads={"mentor": {"max": 2}}, eligibility={"grade_gap": {"min": 3}})
/// <Program: priority > coverage > score; criteria interests 0.7, grade_gap 0.3;
///  loads: mentee 0-1, mentor 0-2>
/// >>> npr.Program(lods={})
/// Traceback (most recent call last):
///     ...
/// nearpeer.ProgramError: programme key `lods`: unknown key; did you mean `loads`? ...
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

    /// Read a programme file.
    ///
    /// Parameters
    /// ----------
    /// path : path
    ///     The TOML file.
    ///
    /// Returns
    /// -------
    /// Program
    ///
    /// Raises
    /// ------
    /// ProgramError
    ///     Naming the key, and the nearest known one if it is unknown.
    /// OSError
    ///     If the file cannot be read.
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

    /// Read a programme file's text.
    ///
    /// Parameters
    /// ----------
    /// text : str
    ///     The content of a programme's TOML file.
    ///
    /// Returns
    /// -------
    /// Program
    ///
    /// Raises
    /// ------
    /// ProgramError
    ///     Naming the key, and the nearest known one if it is unknown.
    ///
    /// Examples
    /// --------
    /// >>> import nearpeer as npr
    /// >>> npr.Program.from_toml_text("objective = ['score']")
    /// <Program: score; criteria interests 0.7, grade_gap 0.3; loads: mentee 0-1, mentor 0-1>
    #[staticmethod]
    fn from_toml_text(py: Python<'_>, text: &str) -> PyResult<Self> {
        Program::from_toml(text)
            .map(Self)
            .map_err(|error| raised(py, &error))
    }

    /// Give the programme as a file's text, which `from_toml_text` reads back.
    fn to_toml(&self) -> String {
        self.0.to_toml()
    }

    /// Match mentees with mentors to a proven optimum.
    ///
    /// Other Python threads run meanwhile. Ctrl-C ends it or, if asked to, keeps what was found.
    ///
    /// Parameters
    /// ----------
    /// mentees, mentors : table
    ///     One row a person, with the columns ``id``, ``grade``, ``site``, ``interests`` and what
    ///     else the programme uses. Anything that exports Arrow: pandas, Polars, DuckDB, pyarrow,
    ///     ...
    /// leaders : table, optional
    ///     The adults who supervise meetings: ``id``, ``site`` (one or several), ``slots``,
    ///     ``capacity`` in pairs at one time and, if there is a limit, ``max_slots`` a week. Every
    ///     pair then gets a slot and a leader, unless ``meetings`` says else.
    /// rooms : table, optional
    ///     How many pairs there is room for: ``site``, ``slot``, ``capacity``. There is no room
    ///     where no row is. Every pair then gets a slot, unless ``meetings`` says else.
    /// pairs_blocked, pairs_required, pairs_previous : table, optional
    ///     Pairs that must not, or must, be in the match, or were in an earlier one: ``mentee_id``,
    ///     ``mentor_id``.
    /// pair_scores : table, optional
    ///     Scores of your own in [0, 1], for the criterion ``pair_scores``: ``mentee_id``,
    ///     ``mentor_id``, ``value``.
    /// threads : int, optional
    ///     Threads to use; all cores by default. The answer does not depend on it.
    /// time_limit : float, optional
    ///     Seconds after which the best match so far is returned with its gap. Takes precedence
    ///     over the programme's; without either, or with infinity, there is no limit.
    /// memory_limit : int, optional
    ///     Mebibytes that the solve may take, after which the same is done.
    /// gap : int, optional
    ///     Micropoints of the total score within which a match is good enough. Takes precedence
    ///     over the programme's; 0 asks for the optimum.
    /// progress : callable or bool, optional
    ///     A function that is called with a `Progress` at every change of phase, in every round and
    ///     about ten times a second in between; an exception that it raises ends the match. True
    ///     shows a bar by tqdm, False none. By default there is a bar if tqdm is installed, after a
    ///     second, in a notebook or on a terminal.
    /// on_interrupt : {'raise', 'keep'}
    ///     What Ctrl-C does: ``'raise'`` ends the match with `KeyboardInterrupt`, ``'keep'``
    ///     returns the best match so far with its gap (a second Ctrl-C raises).
    ///
    /// Returns
    /// -------
    /// Match
    ///
    /// Raises
    /// ------
    /// InputError
    ///     Naming table, row, column and value.
    /// ProgramError
    ///     If the settings do not fit the tables, or ``threads``, a limit, ``progress`` or
    ///     ``on_interrupt`` cannot be used.
    /// InfeasibleError
    ///     If no match keeps every minimum load and required pair.
    /// LimitError
    ///     If a limit was reached before there was any match.
    /// ImportError
    ///     If ``progress`` is True and tqdm is not installed.
    ///
    /// Examples
    /// --------
    /// >>> import nearpeer as npr
    /// >>> import pyarrow as pa
    /// >>> mentees = {"id": ["ana", "bo"], "grade": [6, 7], "interests": ["art;chess", "art"]}
    /// >>> mentors = {"id": ["max", "zoe"], "grade": [9, 10], "interests": ["chess", "art"]}
    /// >>> match = npr.Program().match(pa.table(mentees), pa.table(mentors))
    /// >>> match.pairs["mentee_id"], match.pairs["mentor_id"]
    /// (['ana', 'bo'], ['max', 'zoe'])
    /// >>> match.covered, match.certificate.status, match.certificate.gap
    /// (2, 'optimal', 0)
    #[pyo3(
        name = "match",
        signature = (mentees, mentors, *, leaders=None, rooms=None, pairs_blocked=None, pairs_required=None,
                     pairs_previous=None, pair_scores=None, threads=None, time_limit=None, memory_limit=None, gap=None,
                     progress=None, on_interrupt="raise")
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
        leaders: Option<&Bound<'_, PyAny>>,
        rooms: Option<&Bound<'_, PyAny>>,
        pairs_blocked: Option<&Bound<'_, PyAny>>,
        pairs_required: Option<&Bound<'_, PyAny>>,
        pairs_previous: Option<&Bound<'_, PyAny>>,
        pair_scores: Option<&Bound<'_, PyAny>>,
        threads: Option<&Bound<'_, PyAny>>,
        time_limit: Option<&Bound<'_, PyAny>>,
        memory_limit: Option<&Bound<'_, PyAny>>,
        gap: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
        on_interrupt: &str,
    ) -> PyResult<PyMatch> {
        let given = Given {
            threads,
            time_limit,
            memory_limit,
            gap,
            progress,
            on_interrupt,
        };
        let how = How::read(py, &given)?;
        let further = FurtherTables {
            leaders,
            rooms,
            blocked: pairs_blocked,
            required: pairs_required,
            previous: pairs_previous,
            scores: pair_scores,
        };
        let tables = tables(mentees, mentors, &further)?;
        match_::solve(py, self.0.clone(), tables, how)
    }

    /// Say what people need and what there is, before any matching.
    ///
    /// Who is eligible, what each rule costs, where there are too few mentors and, with leaders or
    /// rooms, where there are too few places. Other Python threads run meanwhile, and Ctrl-C ends
    /// it.
    ///
    /// Parameters
    /// ----------
    /// mentees, mentors : table
    ///     As in `match`.
    /// leaders, rooms : table, optional
    ///     As in `match`; they are assessed if pairs get slots.
    /// pairs_blocked, pairs_required, pairs_previous, pair_scores : table, optional
    ///     As in `match`.
    /// threads : int, optional
    ///     Threads to use; all cores by default.
    ///
    /// Returns
    /// -------
    /// Assessment
    ///
    /// Raises
    /// ------
    /// InputError
    ///     Naming table, row, column and value.
    /// ProgramError
    ///     If the settings do not fit the tables, or ``threads`` cannot be used.
    ///
    /// Examples
    /// --------
    /// >>> import nearpeer as npr
    /// >>> import pyarrow as pa
    /// >>> mentees = pa.table({"id": ["ana", "bo", "cy"], "grade": [6, 7, 8]})
    /// >>> mentors = pa.table({"id": ["max", "zoe"], "grade": [9, 9]})
    /// >>> assessment = npr.Program().assess(mentees, mentors)
    /// >>> assessment.coverage, assessment.bottlenecks["detail"]
    /// (2, ['1 mentee can be served by nobody: 1 will be left'])
    /// >>> [(row["id"], row["rule"], row["alone"]) for row in assessment.eligibility][2]
    /// ('cy', 'grade_gap', 2)
    #[pyo3(
        signature = (mentees, mentors, *, leaders=None, rooms=None, pairs_blocked=None, pairs_required=None,
                     pairs_previous=None, pair_scores=None, threads=None)
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are Python's keyword arguments"
    )]
    fn assess(
        &self,
        py: Python<'_>,
        mentees: &Bound<'_, PyAny>,
        mentors: &Bound<'_, PyAny>,
        leaders: Option<&Bound<'_, PyAny>>,
        rooms: Option<&Bound<'_, PyAny>>,
        pairs_blocked: Option<&Bound<'_, PyAny>>,
        pairs_required: Option<&Bound<'_, PyAny>>,
        pairs_previous: Option<&Bound<'_, PyAny>>,
        pair_scores: Option<&Bound<'_, PyAny>>,
        threads: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyAssessment> {
        let threads = threads.map(read_threads).transpose()?;
        let further = FurtherTables {
            leaders,
            rooms,
            blocked: pairs_blocked,
            required: pairs_required,
            previous: pairs_previous,
            scores: pair_scores,
        };
        let tables = tables(mentees, mentors, &further)?;
        assess::assess(py, self.0.clone(), tables, threads)
    }

    /// Pair students of one table with each other, to a proven optimum.
    ///
    /// For ``mode="co_mentoring"``. Everybody is in at most one group: a pair, or with ``triads``
    /// a group of three where somebody would be left. Other Python threads run meanwhile. Ctrl-C
    /// ends it or, if asked to, keeps what was found.
    ///
    /// Parameters
    /// ----------
    /// students : table
    ///     One row a student, with the columns ``id``, ``grade``, ``site``, ``interests`` and what
    ///     else the programme uses. Anything that exports Arrow: pandas, Polars, DuckDB, pyarrow,
    ///     ...
    /// pairs_blocked, pairs_required, pairs_previous : table, optional
    ///     Pairs that must not, or must, be in the match, or were in an earlier one:
    ///     ``student_a_id``, ``student_b_id``, in either order.
    /// pair_scores : table, optional
    ///     Scores of your own in [0, 1], for the criterion ``pair_scores``: ``student_a_id``,
    ///     ``student_b_id``, ``value``.
    /// threads : int, optional
    ///     Threads to use; all cores by default. The answer does not depend on it.
    /// time_limit : float, optional
    ///     Seconds after which the best match so far is returned with its gap. Takes precedence
    ///     over the programme's; without either, or with infinity, there is no limit.
    /// memory_limit : int, optional
    ///     Mebibytes that the solve may take, after which the same is done.
    /// progress : callable or bool, optional
    ///     As in `match`.
    /// on_interrupt : {'raise', 'keep'}
    ///     As in `match`.
    ///
    /// Returns
    /// -------
    /// CoMatch
    ///
    /// Raises
    /// ------
    /// InputError
    ///     Naming table, row, column and value.
    /// ProgramError
    ///     If the settings do not fit the table or are not of co-mentoring, or ``threads``, a
    ///     limit, ``progress`` or ``on_interrupt`` cannot be used.
    /// ImportError
    ///     If ``progress`` is True and tqdm is not installed.
    ///
    /// Examples
    /// --------
    /// >>> import nearpeer as npr
    /// >>> import pyarrow as pa
    /// >>> students = {"id": ["ana", "bo", "cy"], "interests": ["art;chess", "art", "chess"]}
    /// >>> programme = npr.Program(mode="co_mentoring", triads=True)
    /// >>> match = programme.co_match(pa.table(students))
    /// >>> [(pair["group"], pair["student_a_id"], pair["student_b_id"]) for pair in match.pairs]
    /// [(1, 'ana', 'bo'), (1, 'ana', 'cy'), (1, 'bo', 'cy')]
    /// >>> match.covered, match.triads, match.certificate.gap
    /// (3, 1, 0)
    #[pyo3(
        signature = (students, *, pairs_blocked=None, pairs_required=None, pairs_previous=None,
                     pair_scores=None, threads=None, time_limit=None, memory_limit=None,
                     progress=None, on_interrupt="raise")
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are Python's keyword arguments"
    )]
    fn co_match(
        &self,
        py: Python<'_>,
        students: &Bound<'_, PyAny>,
        pairs_blocked: Option<&Bound<'_, PyAny>>,
        pairs_required: Option<&Bound<'_, PyAny>>,
        pairs_previous: Option<&Bound<'_, PyAny>>,
        pair_scores: Option<&Bound<'_, PyAny>>,
        threads: Option<&Bound<'_, PyAny>>,
        time_limit: Option<&Bound<'_, PyAny>>,
        memory_limit: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
        on_interrupt: &str,
    ) -> PyResult<PyCoMatch> {
        let given = Given {
            threads,
            time_limit,
            memory_limit,
            gap: None,
            progress,
            on_interrupt,
        };
        let how = How::read(py, &given)?;
        let pairs = FurtherTables {
            blocked: pairs_blocked,
            required: pairs_required,
            previous: pairs_previous,
            scores: pair_scores,
            ..FurtherTables::default()
        };
        let tables = student_tables(students, &pairs)?;
        co_match::solve(py, self.0.clone(), tables, how)
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
            .map(|level| level.as_str().to_owned())
            .collect();
        let criteria: Vec<String> = self
            .0
            .criteria
            .iter()
            .map(|criterion| format!("{} {}", criterion.name, criterion.weight))
            .collect();
        let loads = self.0.loads;
        let stability = self.0.stability.map_or_else(String::new, |stability| {
            format!("; stability: {}", stability.mode.as_str())
        });
        format!(
            "<Program: {}; criteria {}; loads: mentee {}-{}, mentor {}-{}{stability}>",
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
