//! `Program`: the coordinator's settings from keyword arguments or a TOML file, and the way to a match.

mod run;

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use nearpeer::{Error, ErrorKind, Program, notebook};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use toml::{Table, Value};

use crate::errors::raised;
use crate::settings;

/// A programme is a page of settings; a file larger than this is something else.
const LARGEST_FILE: u64 = 16 << 20;

/// A mentoring programme's settings.
///
/// Takes the keys of the programme's TOML file as keyword arguments; a key that is None is left
/// out. Without settings it is a sensible cross-age programme: a gap of at least two grades, the
/// same site, screening, training, consent and a shared slot where the tables have those columns;
/// scores of interests (0.7) and grade-gap fit (0.3); one pair a person; coverage before score.
///
/// A programme does not change; `replace` gives another. `nearpeer.settings` has the types of all
/// settings.
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
    ///     Naming the key, and the nearest known one if it is unknown; or if ``path`` is no path
    ///     but a programme's text.
    /// OSError
    ///     If the file cannot be read.
    #[staticmethod]
    fn from_toml(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let bytes = match read(&path) {
            Ok(bytes) => bytes,
            Err(_) if is_text(&path) => {
                let message = "from_toml takes the path of a file, and this is a programme's text; from_toml_text reads it";
                return Err(fault(py, message.to_owned()));
            }
            Err(error) => {
                let message = format!("{}: {error}", path.display());
                return Err(io::Error::new(error.kind(), message).into());
            }
        };
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

    /// Give the same programme with some settings changed.
    ///
    /// Parameters
    /// ----------
    /// **settings : nearpeer.settings.Settings
    ///     The keys of `Program`, each in place of the whole setting of this name; None stands for
    ///     its default.
    ///
    /// Returns
    /// -------
    /// Program
    ///     This programme stays as it is.
    ///
    /// Raises
    /// ------
    /// ProgramError
    ///     Naming the key, and the nearest known one if it is unknown.
    ///
    /// Examples
    /// --------
    /// >>> import nearpeer as npr
    /// >>> programme = npr.Program(objective=["coverage", "score"])
    /// >>> programme.replace(loads={"mentor": {"max": 2}})
    /// <Program: coverage > score; criteria interests 0.7, grade_gap 0.3;
    ///  loads: mentee 0-1, mentor 0-2>
    /// >>> programme.replace(objective=None) == npr.Program()
    /// True
    #[pyo3(signature = (**settings))]
    fn replace(&self, py: Python<'_>, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let Some(changes) = settings else {
            return Ok(self.clone());
        };
        let table = settings::replaced(self.table(), changes)?;
        Program::from_table(table)
            .map(Self)
            .map_err(|error| raised(py, &error))
    }

    /// What `copy.replace` calls.
    #[pyo3(signature = (**settings))]
    fn __replace__(&self, py: Python<'_>, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.replace(py, settings)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        hash(&Value::Table(self.table()), &mut hasher);
        hasher.finish()
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        notebook::program(&self.0).map_err(|error| raised(py, &error))
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
            "<Program: {}; criteria {}; loads: mentee {}-{}, mentor {}-{}{}{stability}>",
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
            self.constraints(),
        )
    }
}

impl PyProgram {
    /// The settings by their keys.
    fn table(&self) -> Table {
        let text = self.0.to_toml();
        text.parse().expect("a programme's own text is TOML")
    }

    /// How many constraints of each kind there are.
    fn constraints(&self) -> String {
        let kinds = [
            ("quotas", self.0.quotas.len()),
            ("budgets", self.0.budgets.len()),
            ("balance", self.0.balance.len()),
            ("families", self.0.families.len()),
        ];
        let there = kinds.iter().filter(|(_, count)| *count > 0);
        there
            .map(|(kind, count)| format!("; {kind}: {count}"))
            .collect()
    }
}

/// Equal settings have equal hashes: of the two zeros only one is hashed.
fn hash(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Float(number) => (number + 0.0).to_bits().hash(hasher),
        Value::Array(items) => items.iter().for_each(|item| hash(item, hasher)),
        Value::Table(table) => {
            for (key, item) in table {
                key.hash(hasher);
                hash(item, hasher);
            }
        }
        other => other.to_string().hash(hasher),
    }
}

/// Whether what should be a path is a programme.
fn is_text(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains('\n') || (text.contains('=') && Program::from_toml(&text).is_ok())
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
