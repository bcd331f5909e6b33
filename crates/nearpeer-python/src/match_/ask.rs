//! What a match answers when it is asked: why, what else, how to have more, and how groups fare.

use nearpeer::tables::{blocking_table, groups_table};
use nearpeer::{Error, Options};
use pyo3::prelude::*;

use super::PyMatch;
use crate::arguments::whole;
use crate::errors::raised;
use crate::interrupt;
use crate::options::read_threads;
use crate::results::PyResultTable;
use crate::whatif::{self, Asked, Count};

#[pymethods]
impl PyMatch {
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
    ///     Seconds after which what is proven by then is returned, with a warning that says how
    ///     many changes of which kinds could not be tried.
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
    fn groups(
        &self,
        py: Python<'_>,
        column: &str,
        #[pyo3(from_py_with = whole)] min_n: usize,
    ) -> PyResult<PyResultTable> {
        let input = self.input.as_ref().ok_or_else(|| {
            let message = "a match that was pickled has no tables; match again for its groups";
            raised(py, &Error::input(message))
        })?;
        let groups = self.found.groups(&input.0, column, min_n);
        let groups = groups.map_err(|error| raised(py, &error))?;
        Ok(groups_table(&[groups]).into())
    }
}
