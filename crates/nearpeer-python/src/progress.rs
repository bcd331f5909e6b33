//! `Progress`, and who in Python is told of it.

use nearpeer::Progress;
use pyo3::prelude::*;
use pyo3::types::PyBool;

/// How far a solve is, as the function that is given as ``progress`` is told.
#[pyclass(name = "Progress", module = "nearpeer", frozen, eq, get_all)]
#[derive(Clone, PartialEq)]
pub(crate) struct PyProgress {
    /// What is being done: ``compile``, ``first_columns``, ``network``, ``pricing``, ...
    phase: &'static str,
    /// Rounds of column generation so far, the one that runs included.
    round: usize,
    /// Pairs that are candidates so far; all the others are priced, and not stored.
    columns: usize,
    /// The level that the next three speak of, as in a certificate; None before any bound.
    level: Option<String>,
    /// What the best match so far has: micropoints for scores, a count otherwise.
    objective: Option<i64>,
    /// No match that is as good in the levels above has more.
    bound: Option<i64>,
    /// ``bound - objective``.
    gap: Option<i64>,
    /// Rows of this phase's pass that are done.
    done: usize,
    /// Rows of this phase's pass; 0 in a phase whose length is not known.
    total: usize,
    /// Seconds since the solve began.
    elapsed: f64,
}

impl From<&Progress> for PyProgress {
    fn from(progress: &Progress) -> Self {
        Self {
            phase: progress.phase.as_str(),
            round: progress.round,
            columns: progress.columns,
            level: progress.level.map(|level| level.to_string()),
            objective: progress.objective,
            bound: progress.bound,
            gap: progress.gap,
            done: progress.done,
            total: progress.total,
            elapsed: progress.elapsed.as_secs_f64(),
        }
    }
}

#[pymethods]
impl PyProgress {
    fn __repr__(&self) -> String {
        let standing = match (&self.level, self.objective, self.bound, self.gap) {
            (Some(level), Some(objective), Some(bound), Some(gap)) => {
                format!(", level='{level}', objective={objective}, bound={bound}, gap={gap}")
            }
            _ => String::new(),
        };
        format!(
            "Progress(phase='{}', round={}, columns={}{standing}, done={}, total={}, elapsed={:.3})",
            self.phase, self.round, self.columns, self.done, self.total, self.elapsed
        )
    }
}

/// Who is told: the caller's own function, or a bar of the package's, which has to be closed.
pub(crate) struct Listener {
    told: Py<PyAny>,
    is_bar: bool,
}

impl Listener {
    /// Reads `progress=`: a function, True or False for a bar or none, or None for a bar where somebody sees
    /// it.
    pub(crate) fn read(py: Python<'_>, given: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Self>> {
        if let Some(told) = given.filter(|given| !given.is_instance_of::<PyBool>()) {
            let told = told.clone().unbind();
            return Ok(Some(Self {
                told,
                is_bar: false,
            }));
        }
        let bars = py.import("nearpeer._progress")?;
        let bar = bars.call_method1("bar", (given,))?;
        Ok((!bar.is_none()).then(|| Self {
            told: bar.unbind(),
            is_bar: true,
        }))
    }

    /// Tells how far the solve is.
    pub(crate) fn tell(&self, py: Python<'_>, progress: PyProgress) -> PyResult<()> {
        self.told.call1(py, (progress,)).map(drop)
    }

    pub(crate) fn close(&self, py: Python<'_>) -> PyResult<()> {
        if self.is_bar {
            self.told.call_method0(py, "close")?;
        }
        Ok(())
    }
}
