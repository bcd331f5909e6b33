//! `verify`: re-proves an answer from the input, whoever wrote it down.

use std::path::PathBuf;

use nearpeer::{
    Certificate, ClaimedPair, ClaimedTie, CoMatch, Scorer, StopFlag, Verified, VerifyOptions,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::certificate::{self, PyCertificate};
use crate::claimed::claimed_pairs;
use crate::co_match::PyCoMatch;
use crate::errors::raised;
use crate::interrupt::run;
use crate::match_::PyMatch;
use crate::options::read_threads;
use crate::program::PyProgram;
use crate::tables::{FurtherTables, batches, student_tables, tables, with_columns};

/// What the checker found to be true.
#[pyclass(name = "Verified", module = "nearpeer", frozen, eq, get_all)]
#[derive(PartialEq)]
pub(crate) struct PyVerified {
    /// Pairs in the answer.
    pairs: usize,
    /// Eligible pairs that the bound was worked out from: all that there are.
    eligible: u64,
    /// Leaves of the proof tree.
    leaves: usize,
    /// Whose scores the bound was worked out from: ``compiled`` or ``reference``.
    scorer: &'static str,
}

/// An answer in one of the forms that callers have it in.
enum Answer {
    /// The pairs and the certificate.
    Known(Vec<ClaimedPair>, Box<Certificate>),
    /// A folder that the command or `Match.save` wrote.
    Folder(PathBuf),
}

/// Re-prove an answer: read the tables again, score every pair again, and check the bound.
///
/// The pairs of the answer are always scored by the checker's plain scorer. The bound is over all
/// eligible pairs, scored by the compiled rules and criteria, which the solve uses too; a fault in
/// those could hide a better match. With ``reference=True`` the plain scorer scores every pair, so
/// that the check shares nothing with the solve.
///
/// Other Python threads run meanwhile, and Ctrl-C ends it.
///
/// Parameters
/// ----------
/// program : Program
///     The settings that the answer is for.
/// mentees, mentors, leaders, rooms : table
/// pairs_blocked, pairs_required, pairs_previous, pair_scores : table
///     The tables that the answer is for, as `Program.match` takes them.
/// answer : Match, path, or tuple of table and Certificate
///     A match; a folder that `Match.save` or the command wrote; or the pairs (``mentee_id``,
///     ``mentor_id``, ``score`` in points; where slots are assigned also ``site``, ``slot`` and
///     ``leader``) with their certificate, or its JSON text.
/// columns : mapping, optional
///     As in `Program.match`.
/// reference : bool, optional
///     Whether to score every pair by the plain scorer, which takes many times as long.
/// threads : int, optional
///     Threads to use; all cores by default. The verdict does not depend on it.
///
/// Returns
/// -------
/// Verified
///     How much was checked, and how.
///
/// Raises
/// ------
/// InputError
///     If a table or the answer cannot be read.
/// ProgramError
///     If the settings do not fit the tables, or ``threads`` cannot be used.
/// VerificationError
///     Saying what does not hold, and naming the row of the pair where it is one.
///
/// Examples
/// --------
/// >>> import nearpeer as npr
/// >>> import pyarrow as pa
/// >>> mentees = pa.table({"id": ["ana"], "grade": [6]})
/// >>> mentors = pa.table({"id": ["max"], "grade": [9]})
/// >>> match = npr.Program().match(mentees, mentors)
/// >>> npr.verify(npr.Program(), mentees, mentors, match)
/// Verified(pairs=1, eligible=1, leaves=1, scorer='compiled')
#[pyfunction]
#[pyo3(signature = (program, mentees, mentors, answer, *, leaders=None, rooms=None, pairs_blocked=None,
                    pairs_required=None, pairs_previous=None, pair_scores=None, columns=None, reference=false, threads=None))]
#[expect(
    clippy::too_many_arguments,
    reason = "they are Python's keyword arguments"
)]
pub(crate) fn verify(
    py: Python<'_>,
    program: &Bound<'_, PyProgram>,
    mentees: &Bound<'_, PyAny>,
    mentors: &Bound<'_, PyAny>,
    answer: &Bound<'_, PyAny>,
    leaders: Option<&Bound<'_, PyAny>>,
    rooms: Option<&Bound<'_, PyAny>>,
    pairs_blocked: Option<&Bound<'_, PyAny>>,
    pairs_required: Option<&Bound<'_, PyAny>>,
    pairs_previous: Option<&Bound<'_, PyAny>>,
    pair_scores: Option<&Bound<'_, PyAny>>,
    columns: Option<&Bound<'_, PyAny>>,
    reference: bool,
    threads: Option<&Bound<'_, PyAny>>,
) -> PyResult<PyVerified> {
    let options = VerifyOptions {
        threads: threads.map(read_threads).transpose()?,
        scorer: if reference {
            Scorer::Reference
        } else {
            Scorer::Compiled
        },
        stop: StopFlag::default(),
    };
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
    let answer = read(answer)?;
    let program = program.get().0.clone();
    let stop = options.stop.clone();
    run(py, &stop, move || {
        let (pairs, certificate) = match answer {
            Answer::Known(pairs, certificate) => (pairs, *certificate),
            Answer::Folder(dir) => nearpeer::answer::read_answer(&dir)?,
        };
        nearpeer::verify_with(
            &tables.roster().map_err(with_columns)?,
            &program,
            &pairs,
            &certificate,
            &options,
        )
    })
    .map(PyVerified::from)
}

/// Re-prove a co-mentoring answer, as `verify` does for mentees and mentors.
///
/// Parameters
/// ----------
/// program : Program
///     The settings that the answer is for.
/// students, pairs_blocked, pairs_required, pairs_previous, pair_scores : table
///     The tables that the answer is for, as `Program.co_match` takes them.
/// answer : CoMatch or path
///     A match, or a folder that `CoMatch.save` or the command wrote.
/// columns : mapping, optional
///     As in `Program.match`.
/// reference : bool, optional
///     Whether to score every pair by the plain scorer, which takes many times as long.
/// threads : int, optional
///     Threads to use; all cores by default. The verdict does not depend on it.
///
/// Returns
/// -------
/// Verified
///     How much was checked, and how.
///
/// Raises
/// ------
/// InputError
///     If a table or the answer cannot be read.
/// ProgramError
///     If the settings do not fit the table, or ``threads`` cannot be used.
/// VerificationError
///     Saying what does not hold, and naming the row of the pair where it is one.
///
/// Examples
/// --------
/// >>> import nearpeer as npr
/// >>> import pyarrow as pa
/// >>> students = pa.table({"id": ["ana", "bo"], "grade": [6, 6]})
/// >>> programme = npr.Program(mode="co_mentoring")
/// >>> npr.verify_co_match(programme, students, programme.co_match(students))
/// Verified(pairs=1, eligible=1, leaves=1, scorer='compiled')
#[pyfunction]
#[pyo3(signature = (program, students, answer, *, pairs_blocked=None, pairs_required=None,
                    pairs_previous=None, pair_scores=None, columns=None, reference=false, threads=None))]
#[expect(
    clippy::too_many_arguments,
    reason = "they are Python's keyword arguments"
)]
pub(crate) fn verify_co_match(
    py: Python<'_>,
    program: &Bound<'_, PyProgram>,
    students: &Bound<'_, PyAny>,
    answer: &Bound<'_, PyAny>,
    pairs_blocked: Option<&Bound<'_, PyAny>>,
    pairs_required: Option<&Bound<'_, PyAny>>,
    pairs_previous: Option<&Bound<'_, PyAny>>,
    pair_scores: Option<&Bound<'_, PyAny>>,
    columns: Option<&Bound<'_, PyAny>>,
    reference: bool,
    threads: Option<&Bound<'_, PyAny>>,
) -> PyResult<PyVerified> {
    let options = VerifyOptions {
        threads: threads.map(read_threads).transpose()?,
        scorer: if reference {
            Scorer::Reference
        } else {
            Scorer::Compiled
        },
        stop: StopFlag::default(),
    };
    let pairs = FurtherTables {
        blocked: pairs_blocked,
        required: pairs_required,
        previous: pairs_previous,
        scores: pair_scores,
        columns,
        ..FurtherTables::default()
    };
    let tables = student_tables(students, &pairs)?;
    let known = answer.cast::<PyCoMatch>().ok().map(|known| {
        (
            ties(&known.get().found),
            known.get().found.certificate.clone(),
        )
    });
    let folder: Option<PathBuf> = match &known {
        Some(_) => None,
        None => Some(answer.extract().map_err(|_| {
            PyTypeError::new_err("an answer is a CoMatch, or a folder that CoMatch.save wrote")
        })?),
    };
    let program = program.get().0.clone();
    let stop = options.stop.clone();
    run(py, &stop, move || {
        let (ties, certificate) = match (known, folder) {
            (Some(known), _) => known,
            (None, folder) => nearpeer::answer::read_co_match(&folder.unwrap_or_default())?,
        };
        let roster = tables.roster().map_err(with_columns)?;
        nearpeer::verify_co_match_with(&roster, &program, &ties, &certificate, &options)
    })
    .map(PyVerified::from)
}

fn ties(known: &CoMatch) -> Vec<ClaimedTie> {
    let groups = (1..).zip(&known.groups);
    let ties = groups.flat_map(|(number, group): (usize, _)| {
        group.ties.iter().map(move |tie| ClaimedTie {
            group: number.to_string(),
            a: tie.a.clone(),
            b: tie.b.clone(),
            score: tie.score,
        })
    });
    ties.collect()
}

fn read(answer: &Bound<'_, PyAny>) -> PyResult<Answer> {
    if let Ok(known) = answer.cast::<PyMatch>() {
        let known = &known.get().found;
        let pairs = known.pairs.iter().map(ClaimedPair::from);
        return Ok(Answer::Known(
            pairs.collect(),
            Box::new(known.certificate.clone()),
        ));
    }
    if let Ok(parts) = answer.cast::<PyTuple>() {
        let (pairs, proof): (Bound<'_, PyAny>, Bound<'_, PyAny>) = parts.extract()?;
        let pairs = claimed_pairs(&batches("pairs", &pairs)?);
        let pairs = pairs.map_err(|error| raised(answer.py(), &error))?;
        let certificate = match proof.cast::<PyCertificate>() {
            Ok(certificate) => certificate.get().0.clone(),
            Err(_) => certificate::parse(answer.py(), proof.extract()?)?.0,
        };
        return Ok(Answer::Known(pairs, Box::new(certificate)));
    }
    answer.extract().map(Answer::Folder).map_err(|_| {
        PyTypeError::new_err(
            "an answer is a Match, a folder that Match.save wrote, or a tuple of pairs and certificate",
        )
    })
}

impl From<Verified> for PyVerified {
    fn from(verified: Verified) -> Self {
        Self {
            pairs: verified.pairs,
            eligible: verified.eligible,
            leaves: verified.leaves,
            scorer: verified.scorer.as_str(),
        }
    }
}

#[pymethods]
impl PyVerified {
    fn __repr__(&self) -> String {
        format!(
            "Verified(pairs={}, eligible={}, leaves={}, scorer='{}')",
            self.pairs, self.eligible, self.leaves, self.scorer
        )
    }
}
