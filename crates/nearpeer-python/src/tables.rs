//! Tables in: any object that exports an Arrow stream or array through the PyCapsule interface.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use nearpeer::tables::with_way_out;
use nearpeer::{Error, StudentTables, Table, Tables};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyMapping;
use pyo3_arrow::PyRecordBatch;

use crate::errors::raised;
use crate::interrupt::guarded;
use crate::options::fault;
use crate::stream::stream_batches;

/// The tables that a programme may have besides its people.
#[derive(Default)]
pub(crate) struct FurtherTables<'a, 'py> {
    pub(crate) leaders: Option<&'a Bound<'py, PyAny>>,
    pub(crate) rooms: Option<&'a Bound<'py, PyAny>>,
    pub(crate) blocked: Option<&'a Bound<'py, PyAny>>,
    pub(crate) required: Option<&'a Bound<'py, PyAny>>,
    pub(crate) previous: Option<&'a Bound<'py, PyAny>>,
    pub(crate) scores: Option<&'a Bound<'py, PyAny>>,
    /// What the columns of all tables are called here.
    pub(crate) columns: Option<&'a Bound<'py, PyAny>>,
}

/// Every table of a programme, under the names that messages use.
pub(crate) fn tables(
    mentees: &Bound<'_, PyAny>,
    mentors: &Bound<'_, PyAny>,
    further: &FurtherTables<'_, '_>,
) -> PyResult<Tables> {
    let optional = |name: &str, given: Option<&Bound<'_, PyAny>>| {
        given
            .map(|given| Ok::<_, PyErr>(Table::new(name, batches(name, given)?)))
            .transpose()
    };
    let mut tables = Tables::new(
        Table::new("mentees", batches("mentees", mentees)?),
        Table::new("mentors", batches("mentors", mentors)?),
    );
    tables.leaders = optional("leaders", further.leaders)?;
    tables.rooms = optional("rooms", further.rooms)?;
    tables.blocked = optional("pairs_blocked", further.blocked)?;
    tables.required = optional("pairs_required", further.required)?;
    tables.previous = optional("pairs_previous", further.previous)?;
    tables.pair_scores = optional("pair_scores", further.scores)?;
    if let Some(columns) = further.columns {
        let renamed = tables.rename_columns(&names(columns)?);
        renamed.map_err(|error| raised(columns.py(), &error))?;
    }
    Ok(tables)
}

/// The tables of a co-mentoring programme, under the names that messages use.
pub(crate) fn student_tables(
    students: &Bound<'_, PyAny>,
    pairs: &FurtherTables<'_, '_>,
) -> PyResult<StudentTables> {
    let optional = |name: &str, given: Option<&Bound<'_, PyAny>>| {
        given
            .map(|given| Ok::<_, PyErr>(Table::new(name, batches(name, given)?)))
            .transpose()
    };
    let mut tables = StudentTables::new(Table::new("students", batches("students", students)?));
    tables.pairs.blocked = optional("pairs_blocked", pairs.blocked)?;
    tables.pairs.required = optional("pairs_required", pairs.required)?;
    tables.pairs.previous = optional("pairs_previous", pairs.previous)?;
    tables.pairs.pair_scores = optional("pair_scores", pairs.scores)?;
    if let Some(columns) = pairs.columns {
        let renamed = tables.rename_columns(&names(columns)?);
        renamed.map_err(|error| raised(columns.py(), &error))?;
    }
    Ok(tables)
}

/// An error about a column that is not there says how another can be read in its place.
pub(crate) fn with_columns(error: Error) -> Error {
    with_way_out(error, |column| {
        format!("give columns={{\"OWN NAME\": \"{column}\"}}")
    })
}

/// Reads `columns=`: a mapping from the tables' names to nearpeer's.
fn names(columns: &Bound<'_, PyAny>) -> PyResult<BTreeMap<String, String>> {
    let items = columns.cast::<PyMapping>().ok().map(|names| names.items());
    let items = items.transpose()?;
    let names = items.and_then(|items| items.extract::<Vec<(String, String)>>().ok());
    let names = names.map(|names| names.into_iter().collect());
    names.ok_or_else(|| {
        let message = "a mapping from the tables' names of columns to nearpeer's, all text, such as \
                       {'student_no': 'id'}";
        fault(columns, "columns", message)
    })
}

/// The record batches of an object with `__arrow_c_stream__` or `__arrow_c_array__`.
pub(crate) fn batches(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<RecordBatch>> {
    let py = given.py();
    let read = if given.hasattr("__arrow_c_stream__")? {
        guarded(|| stream_batches(given))
    } else if given.hasattr("__arrow_c_array__")? {
        guarded(|| given.extract::<PyRecordBatch>()).map(|batch| vec![batch.into_inner()])
    } else {
        let kind = given.get_type().name()?;
        let hint = if given.hasattr("collect")? {
            "collect it first, with .collect()"
        } else {
            "give a pandas, Polars, DuckDB or pyarrow table, or any object with __arrow_c_stream__"
        };
        let message = format!("not a table: a value of the type {kind}; {hint}");
        return Err(raised(py, &Error::input(message).in_table(name)));
    };
    read.map_err(|cause| {
        if !cause.is_instance_of::<PyException>(py) {
            return cause;
        }
        let message = format!("the table cannot be read as Arrow: {}", cause.value(py));
        let error = raised(py, &Error::input(message).in_table(name));
        error.set_cause(py, Some(cause));
        error
    })
}
