//! What a programme does with tables: match, assess, pair students with each other.

use pyo3::prelude::*;

use super::PyProgram;
use crate::assess::{self, PyAssessment};
use crate::co_match::{self, PyCoMatch};
use crate::match_::{self, PyMatch};
use crate::options::{Given, How, read_threads};
use crate::tables::{FurtherTables, student_tables, tables};

#[pymethods]
impl PyProgram {
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
    /// columns : mapping, optional
    ///     What nearpeer calls columns that the tables call something else, as
    ///     ``{"student_no": "id", "year": "grade"}``. An entry is for the tables of which nearpeer
    ///     reads such a column, so ``{"mentee_id": "id"}`` leaves tables of pairs as they are.
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
    ///
    /// Tables with names of their own:
    ///
    /// >>> mentees = {"student_no": [17, 18], "year": [6, 7]}
    /// >>> mentors = {"tutor_no": [21, 22], "year": [9, 10]}
    /// >>> names = {"student_no": "id", "tutor_no": "id", "year": "grade"}
    /// >>> match = npr.Program().match(pa.table(mentees), pa.table(mentors), columns=names)
    /// >>> match.pairs["mentee_id"], match.pairs["mentor_id"]
    /// (['17', '18'], ['21', '22'])
    #[pyo3(
        name = "match",
        signature = (mentees, mentors, *, leaders=None, rooms=None, pairs_blocked=None, pairs_required=None,
                     pairs_previous=None, pair_scores=None, columns=None, threads=None, time_limit=None,
                     memory_limit=None, gap=None, progress=None, on_interrupt="raise")
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
        columns: Option<&Bound<'_, PyAny>>,
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
            columns,
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
    /// columns : mapping, optional
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
                     pairs_previous=None, pair_scores=None, columns=None, threads=None)
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
        columns: Option<&Bound<'_, PyAny>>,
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
            columns,
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
    /// columns : mapping, optional
    ///     As in `match`.
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
                     pair_scores=None, columns=None, threads=None, time_limit=None, memory_limit=None,
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
        columns: Option<&Bound<'_, PyAny>>,
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
            columns,
            ..FurtherTables::default()
        };
        let tables = student_tables(students, &pairs)?;
        co_match::solve(py, self.0.clone(), tables, how)
    }
}
