//! `read_oneroster`, and the `OneRoster` that it gives.

use std::collections::BTreeMap;
use std::path::PathBuf;

use nearpeer::oneroster::{self, Id, Rules, Students, grades};
use nearpeer::words::counted;
use nearpeer::{Error, Grade};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::arguments::fault;
use crate::errors::raised;
use crate::interrupt::guarded;
use crate::options::read_whole;
use crate::results::PyResultTable;

/// Read mentees and mentors from a OneRoster package, by their grades.
///
/// Reads versions 1.1 and 1.2 in CSV: ``manifest.csv``, ``orgs.csv``, ``users.csv``, ``roles.csv``
/// (1.2), and ``enrollments.csv`` and ``demographics.csv`` if they are there. Sites are the names
/// of schools. Nobody's name is carried unless ``names`` is true.
///
/// Parameters
/// ----------
/// path : path
///     A folder or a zip archive.
/// mentee_grades : int, str or sequence of them
///     The grades of the mentees: ``6``, ``"6,7"``, ``"K-2"`` or ``[6, 7]``.
/// mentor_grades : int, str or sequence of them
///     The grades of the mentors.
/// id : {'sourcedId', 'identifier', 'username'}, default 'sourcedId'
///     Which column of ``users.csv`` is the id.
/// names : bool, default False
///     Carry names, as the column ``name``.
/// birth_dates : bool, default False
///     Carry dates of birth, as the column ``birth_date``.
/// disabled : bool, default False
///     Take students whose ``enabledUser`` is false, too.
///
/// Returns
/// -------
/// OneRoster
///     With the tables ``mentees`` and ``mentors``.
///
/// Raises
/// ------
/// InputError
///     Naming file, line, column and value, or what is wrong with the grades.
/// OSError
///     If nothing can be read there.
///
/// Examples
/// --------
/// >>> import nearpeer as npr
/// >>> path = "tests/data/oneroster/v1p2"
/// >>> roster = npr.read_oneroster(path, mentee_grades=6, mentor_grades="7-8")
/// >>> roster
/// <OneRoster: 4 mentees, 4 mentors>
/// >>> match = npr.Program().match(roster.mentees, roster.mentors)
/// >>> match.covered
/// 2
#[pyfunction]
#[pyo3(signature = (path, *, mentee_grades, mentor_grades, id="sourcedId", names=false, birth_dates=false, disabled=false))]
#[expect(
    clippy::too_many_arguments,
    reason = "they are Python's keyword arguments"
)]
pub(crate) fn read_oneroster(
    py: Python<'_>,
    path: PathBuf,
    mentee_grades: &Bound<'_, PyAny>,
    mentor_grades: &Bound<'_, PyAny>,
    id: &str,
    names: bool,
    birth_dates: bool,
    disabled: bool,
) -> PyResult<PyOneRoster> {
    let mentee_grades = grades_given("mentee_grades", mentee_grades)?;
    let mentor_grades = grades_given("mentor_grades", mentor_grades)?;
    let id = match id {
        "sourcedId" => Ok(Id::SourcedId),
        "identifier" => Ok(Id::Identifier),
        "username" => Ok(Id::Username),
        _ => Err(Error::input(
            "id: one of 'sourcedId', 'identifier' and 'username'",
        )),
    };
    let read = || {
        let rules = Rules {
            mentee_grades,
            mentor_grades,
            id: id?,
            names,
            birth_dates,
            disabled,
        };
        oneroster::read(&path, &rules)
    };
    let read = guarded(|| Ok(py.detach(read)))?;
    read.map(PyOneRoster).map_err(|error| raised(py, &error))
}

/// Grades as Python writes them: a number, text that may name several, or a list of those.
fn grades_given(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<Grade>> {
    if given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>() {
        let mut all = Vec::new();
        for part in given.try_iter()? {
            all.extend(grade_given(name, &part?)?);
        }
        return Ok(all);
    }
    grade_given(name, given)
}

fn grade_given(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<Grade>> {
    let none = |message: String| raised(given.py(), &Error::input(message));
    if let Ok(text) = given.extract::<String>() {
        return grades(&text).map_err(|error| none(format!("{name}: {}", error.message())));
    }
    match read_whole::<i64>(given) {
        Some(number) => Grade::new(number)
            .map(|grade| vec![grade])
            .ok_or_else(|| none(format!("{name}: {number} is not a grade"))),
        None => {
            let message = "grades are 6, \"6,7\", \"K-2\" or [6, 7]";
            Err(fault(given, &format!("{name}: {message}")))
        }
    }
}

/// What a OneRoster package says of mentees and mentors.
#[pyclass(name = "OneRoster", module = "nearpeer", frozen)]
pub(crate) struct PyOneRoster(Students);

#[pymethods]
impl PyOneRoster {
    /// The mentees: ``id``, ``grade``, ``site``, and ``gender`` where there are demographics.
    ///
    /// ``birth_date`` and ``name`` follow where they are asked for.
    #[getter]
    fn mentees(&self) -> PyResultTable {
        self.0.mentees.clone().into()
    }

    /// The mentors, with the columns of the mentees.
    #[getter]
    fn mentors(&self) -> PyResultTable {
        self.0.mentors.clone().into()
    }

    /// How many students are in neither table, by why.
    #[getter]
    fn left_out(&self) -> BTreeMap<&'static str, usize> {
        let left = self.0.left_out;
        BTreeMap::from([
            ("disabled", left.disabled),
            ("inactive", left.inactive),
            ("other_grades", left.other_grades),
            ("without_grade", left.without_grade),
        ])
    }

    /// How many mentees and mentors have no school, so that no site is known.
    #[getter]
    fn without_school(&self) -> usize {
        self.0.without_school
    }

    fn __repr__(&self) -> String {
        format!(
            "<OneRoster: {}, {}>",
            counted(self.0.mentees.num_rows(), "mentee"),
            counted(self.0.mentors.num_rows(), "mentor")
        )
    }
}
