//! A match as files, pages and documents.

use std::path::PathBuf;

use nearpeer::document::Document;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::PyMatch;
use crate::arguments::schools_if_given;
use crate::errors::raised;
use crate::report;

#[pymethods]
impl PyMatch {
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
        #[pyo3(from_py_with = schools_if_given)] sites: Option<Vec<String>>,
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
        #[pyo3(from_py_with = schools_if_given)] sites: Option<Vec<String>>,
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
}
