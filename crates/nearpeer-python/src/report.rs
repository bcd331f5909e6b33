//! `report` and `to_html` of `Match` and `CoMatch`: the printed page.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nearpeer::report::{self, CoOutcome, Outcome, Settings};
use nearpeer::{CoMatch, Error, Match, Program, Roster};
use pyo3::prelude::*;

use crate::errors::raised;

/// What a match was made of, if it knows.
pub(crate) type MadeOf = Option<Arc<(Roster, Program)>>;

/// How Python asks for a page.
pub(crate) struct Asked {
    pub(crate) names: Option<String>,
    pub(crate) redacted: bool,
    pub(crate) title: Option<String>,
    pub(crate) sites: Option<Vec<String>>,
}

impl Asked {
    fn settings(self) -> Settings {
        Settings {
            names: self.names,
            redacted: self.redacted,
            title: self.title,
            sites: self.sites.unwrap_or_default(),
            ..Settings::default()
        }
    }

    /// The page as text.
    pub(crate) fn html(self, py: Python<'_>, found: &Match, made_of: &MadeOf) -> PyResult<String> {
        let settings = self.settings();
        with(py, found, made_of, settings, report::html)
    }

    /// The page as a file.
    pub(crate) fn save(
        self,
        py: Python<'_>,
        found: &Match,
        made_of: &MadeOf,
        path: &Path,
    ) -> PyResult<PathBuf> {
        let settings = self.settings();
        with(py, found, made_of, settings, |outcome, settings| {
            report::save(outcome, settings, path)
        })
    }

    /// The page of groups as text.
    pub(crate) fn html_of_groups(
        self,
        py: Python<'_>,
        found: &CoMatch,
        roster: &Roster,
    ) -> PyResult<String> {
        let settings = self.settings();
        let made = py.detach(|| {
            let outcome = CoOutcome::of_match(found, roster)?;
            report::html_of_groups(&outcome, &settings)
        });
        made.map_err(|error| raised(py, &error))
    }

    /// The page of groups as a file.
    pub(crate) fn save_groups(
        self,
        py: Python<'_>,
        found: &CoMatch,
        roster: &Roster,
        path: &Path,
    ) -> PyResult<PathBuf> {
        let settings = self.settings();
        let made = py.detach(|| {
            let outcome = CoOutcome::of_match(found, roster)?;
            report::save_groups(&outcome, &settings, path)
        });
        made.map_err(|error| raised(py, &error))
    }
}

/// Works on a match and what it was made of, without the GIL.
fn with<T: Send>(
    py: Python<'_>,
    found: &Match,
    made_of: &MadeOf,
    settings: Settings,
    work: impl FnOnce(&Outcome<'_>, &Settings) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let made_of = made_of.as_deref().ok_or_else(|| {
        let message = "a match that was pickled has no tables; match again for its report";
        raised(py, &Error::input(message))
    })?;
    let (roster, program) = made_of;
    let made = py.detach(|| {
        let settings = settings.with_bottlenecks(program, roster)?;
        work(&Outcome::of_match(found, roster, program)?, &settings)
    });
    made.map_err(|error| raised(py, &error))
}
