//! `synth`, and the `District` that it gives.

use std::path::PathBuf;
use std::sync::OnceLock;

use arrow::array::RecordBatch;
use nearpeer::district::{self, Format};
use nearpeer::synth::{District, Plan};
use nearpeer::words::counted;
use nearpeer::{Error, Role};
use pyo3::prelude::*;

use crate::arguments::{whole, whole_if_given};
use crate::errors::raised;
use crate::program::PyProgram;
use crate::results::PyResultTable;

/// Make up a district with leaders, rooms and a programme, the same for the same seed.
///
/// For demos, tests and benchmarks, where real students' data must not go. The same arguments give
/// the same cells on every machine. Interests occur and go together as in a survey of young people.
///
/// Parameters
/// ----------
/// students : int, default 1000
///     Mentees and mentors together.
/// sites : int, default 6
///     Schools. 0 is a district without: only grades and interests, and every mentor may have every
///     mentee.
/// seed : int, default 0
///     Another seed gives other students.
/// mentees, mentors : int, optional
///     How many, whatever ``students`` says.
/// mentor_share : float, default 1/3
///     The share of mentors among ``students``.
/// missing : float, default 0.02
///     The share of missing cells.
///
/// Returns
/// -------
/// District
///
/// Raises
/// ------
/// InputError
///     Naming the argument that cannot be.
///
/// Examples
/// --------
/// >>> import nearpeer as npr
/// >>> district = npr.synth(students=300, sites=3, seed=7)
/// >>> district
/// <District: 200 mentees, 100 mentors, 7 leaders, 3 sites>
/// >>> match = district.program.match(district.mentees, district.mentors)
/// >>> match.certificate.gap
/// 0
#[pyfunction]
#[pyo3(
    signature = (students=1000, sites=6, seed=0, *, mentees=None, mentors=None, mentor_share=1.0/3.0,
                 missing=0.02),
    text_signature = "(students=1000, sites=6, seed=0, *, mentees=None, mentors=None, \
                      mentor_share=0.3333333333333333, missing=0.02)"
)]
#[expect(
    clippy::too_many_arguments,
    reason = "they are Python's keyword arguments"
)]
pub(crate) fn synth(
    py: Python<'_>,
    #[pyo3(from_py_with = whole)] students: usize,
    #[pyo3(from_py_with = whole)] sites: usize,
    #[pyo3(from_py_with = whole)] seed: u64,
    #[pyo3(from_py_with = whole_if_given)] mentees: Option<usize>,
    #[pyo3(from_py_with = whole_if_given)] mentors: Option<usize>,
    mentor_share: f64,
    missing: f64,
) -> PyResult<PyDistrict> {
    let plan = Plan {
        students,
        sites,
        seed,
        mentees,
        mentors,
        mentor_share,
        missing,
    };
    let district = District::new(&plan).map_err(|error| raised(py, &error))?;
    Ok(PyDistrict {
        district,
        mentees: OnceLock::new(),
        mentors: OnceLock::new(),
        leaders: OnceLock::new(),
        rooms: OnceLock::new(),
    })
}

/// A made-up district, as `synth` gives it.
///
/// Its tables are drawn when they are first asked for.
///
/// Examples
/// --------
/// >>> import nearpeer as npr
/// >>> district = npr.synth(students=300, sites=3, seed=7)
/// >>> district.mentees.shape, district.mentees["id"][0]
/// ((200, 10), 'mentee-001')
#[pyclass(name = "District", module = "nearpeer", frozen)]
pub(crate) struct PyDistrict {
    district: District,
    mentees: OnceLock<RecordBatch>,
    mentors: OnceLock<RecordBatch>,
    leaders: OnceLock<RecordBatch>,
    rooms: OnceLock<RecordBatch>,
}

#[pymethods]
impl PyDistrict {
    /// The mentees: ``id``, ``grade``, ``site``, ``interests``, ``languages``, ``slots``, ...
    ///
    /// Kindergarten is grade 0; lists are lists, and a missing cell is null.
    #[getter]
    fn mentees(&self, py: Python<'_>) -> PyResultTable {
        table(py, &self.mentees, || {
            district::students_table(&self.district, Role::Mentee)
        })
    }

    /// The mentors: the columns of the mentees, ``load_max``, ``screened`` and ``trained``.
    #[getter]
    fn mentors(&self, py: Python<'_>) -> PyResultTable {
        table(py, &self.mentors, || {
            district::students_table(&self.district, Role::Mentor)
        })
    }

    /// The adults who supervise: ``id``, ``site``, ``slots``, ``capacity`` and ``max_slots``.
    ///
    /// ``capacity`` is pairs at one time, ``max_slots`` slots a week.
    #[getter]
    fn leaders(&self, py: Python<'_>) -> PyResultTable {
        table(py, &self.leaders, || {
            district::leaders_table(&self.district)
        })
    }

    /// For how many pairs there is room at one time: ``site``, ``slot`` and ``capacity``.
    #[getter]
    fn rooms(&self, py: Python<'_>) -> PyResultTable {
        table(py, &self.rooms, || district::rooms_table(&self.district))
    }

    /// The programme: the default one with the routes from school to school (feeders).
    #[getter]
    fn program(&self) -> PyProgram {
        PyProgram(self.district.program())
    }

    /// Write the tables and ``programme.toml`` as the command does.
    ///
    /// Parameters
    /// ----------
    /// dir : path
    ///     The folder; it is made if it is not there.
    /// format : {'csv', 'parquet'}, default 'csv'
    ///     How the tables are written.
    ///
    /// Returns
    /// -------
    /// list of path
    ///     Where the files are.
    ///
    /// Raises
    /// ------
    /// InputError
    ///     If there is no such format.
    /// OSError
    ///     If the folder cannot be written; then nothing has changed.
    #[pyo3(signature = (dir, *, format="csv"))]
    fn save(&self, py: Python<'_>, dir: PathBuf, format: &str) -> PyResult<Vec<PathBuf>> {
        let format = match format {
            "csv" => Format::Csv,
            "parquet" => Format::Parquet,
            _ => {
                let message = "format: tables are written as 'csv' or 'parquet'";
                return Err(raised(py, &Error::input(message)));
            }
        };
        py.detach(|| district::save(&self.district, &dir, format))
            .map_err(|error| raised(py, &error))
    }

    fn __repr__(&self) -> String {
        format!(
            "<District: {}, {}, {}, {}>",
            counted(self.district.count(Role::Mentee), "mentee"),
            counted(self.district.count(Role::Mentor), "mentor"),
            counted(self.district.leaders().count(), "leader"),
            counted(self.district.sites().count(), "site"),
        )
    }
}

/// The table, which is drawn without the GIL if it was not before.
fn table(
    py: Python<'_>,
    drawn: &OnceLock<RecordBatch>,
    draw: impl FnOnce() -> RecordBatch + Send,
) -> PyResultTable {
    py.detach(|| drawn.get_or_init(draw)).clone().into()
}
