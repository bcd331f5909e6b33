//! The engine behind `assign`: arrays that the package has checked in, chosen cells and proof out.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options, concat};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use nearpeer::matching::in_pool;
use nearpeer::{Assign, Error, LoadRange, Options};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

use crate::certificate::PyCertificate;
use crate::errors::raised;
use crate::interrupt;
use crate::options::{Given, How};
use crate::scores::Given as GivenScores;
use crate::tables::batches;

type Chosen<'py> = (
    Bound<'py, PyArray1<isize>>,
    Bound<'py, PyArray1<isize>>,
    (i64, i64, i64),
    &'static str,
    PyCertificate,
);

/// Choose cells; `nearpeer.assign` checks and prepares the arrays.
#[pyfunction]
#[expect(
    clippy::too_many_arguments,
    reason = "one argument an array; the package calls it"
)]
pub(crate) fn assign_cells<'py>(
    py: Python<'py>,
    shape: (usize, usize),
    cells: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    values: &Bound<'py, PyAny>,
    row_load: (PyReadonlyArray1<'py, u32>, PyReadonlyArray1<'py, u32>),
    col_load: (PyReadonlyArray1<'py, u32>, PyReadonlyArray1<'py, u32>),
    forbid: PyReadonlyArray2<'py, u32>,
    require: PyReadonlyArray2<'py, u32>,
    coverage_first: bool,
    maximize: bool,
    threads: Option<&Bound<'py, PyAny>>,
    time_limit: Option<&Bound<'py, PyAny>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    gap: Option<&Bound<'py, PyAny>>,
    progress: Option<&Bound<'py, PyAny>>,
    on_interrupt: &str,
) -> PyResult<Chosen<'py>> {
    let scores = match cells {
        None => GivenScores::array(values)?,
        Some((starts, columns)) => GivenScores::compressed_rows(shape, &starts, &columns, values)?,
    };
    let given = Given {
        threads,
        time_limit,
        memory_limit,
        gap,
        progress,
        on_interrupt,
    };
    let how = How::read(py, &given)?;
    let task = Assign {
        row_loads: loads(&row_load)?,
        column_loads: loads(&col_load)?,
        forbid: pairs(&forbid),
        require: pairs(&require),
        coverage_first,
    };
    let found = interrupt::solve(py, how, move |options| {
        in_pool(options.threads, || {
            let scores = scores.read()?;
            // The least total is the greatest of the negated scores.
            let scores = if maximize { scores } else { scores.negated() };
            let in_this_pool = Options {
                threads: None,
                ..options.clone()
            };
            nearpeer::assign(&scores, &task, &in_this_pool)
        })
    });
    let found = found.map_err(|error| numbered(py, error))?;
    // NumPy's own memory: SciPy refuses to index by an array whose memory is lent.
    let positions = |cells: Vec<u32>| {
        let cells: Vec<isize> = cells.into_iter().map(|cell| cell as isize).collect();
        PyArray1::from_slice(py, &cells)
    };
    Ok((
        positions(found.rows),
        positions(found.columns),
        (found.objective, found.bound, found.gap),
        found.status.as_str(),
        found.certificate.into(),
    ))
}

/// In an error of an array the column is a number, as its row is.
fn numbered(py: Python<'_>, error: PyErr) -> PyErr {
    let value = error.value(py);
    let column = value
        .getattr("column")
        .and_then(|it| it.extract::<String>());
    let number = column.ok().and_then(|column| column.parse::<usize>().ok());
    match number.map(|number| value.setattr("column", number)) {
        Some(Err(fault)) => fault,
        _ => error,
    }
}

fn loads(
    (low, high): &(PyReadonlyArray1<'_, u32>, PyReadonlyArray1<'_, u32>),
) -> PyResult<Vec<LoadRange>> {
    let ranges = low.as_slice()?.iter().zip(high.as_slice()?);
    Ok(ranges
        .map(|(&low, &high)| LoadRange { low, high })
        .collect())
}

fn pairs(cells: &PyReadonlyArray2<'_, u32>) -> Vec<(u32, u32)> {
    let cells = cells.as_array();
    cells
        .rows()
        .into_iter()
        .map(|cell| (cell[0], cell[1]))
        .collect()
}

/// Give the columns ``row``, ``col`` and ``score`` of a table as arrays.
#[pyfunction]
pub(crate) fn read_scores<'py>(
    py: Python<'py>,
    table: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let batches = batches("scores", table)?;
    let column = |name: &str| column(&batches, name).map_err(|error| raised(py, &error));
    let position = |name: &str| -> PyResult<Bound<'py, PyAny>> {
        let (cells, is_whole) = column(name)?;
        if is_whole {
            whole(py, name, &cells)
        } else {
            let message = "the numbers of rows and columns are whole numbers";
            Err(raised(
                py,
                &Error::input(message).in_table("scores").in_column(name),
            ))
        }
    };
    let (row, col) = (position("row")?, position("col")?);
    let (cells, is_whole) = column("score")?;
    let score = if is_whole {
        whole(py, "score", &cells)?
    } else {
        let cells =
            convert("score", &cells, &DataType::Float64).map_err(|error| raised(py, &error))?;
        cells
            .as_primitive::<Float64Type>()
            .values()
            .to_vec()
            .into_pyarray(py)
            .into_any()
    };
    Ok((row, col, score))
}

fn whole<'py>(py: Python<'py>, name: &str, cells: &ArrayRef) -> PyResult<Bound<'py, PyAny>> {
    let cells = convert(name, cells, &DataType::Int64).map_err(|error| raised(py, &error))?;
    let cells = cells.as_primitive::<Int64Type>().values().to_vec();
    Ok(cells.into_pyarray(py).into_any())
}

/// A column without gaps, and whether its type is one of whole numbers.
fn column(batches: &[RecordBatch], name: &str) -> Result<(ArrayRef, bool), Error> {
    let fault = |message: String| Error::input(message).in_table("scores").in_column(name);
    let parts: Option<Vec<&dyn Array>> = batches
        .iter()
        .map(|batch| batch.column_by_name(name).map(|cells| &**cells))
        .collect();
    let parts = parts.ok_or_else(|| {
        fault(
            "the column is missing; a table of scores has the columns row, col and score; \
             for a matrix pass .to_numpy()"
                .to_owned(),
        )
    })?;
    let cells = concat(&parts).map_err(|error| fault(error.to_string()))?;
    if let Some(gap) = (0..cells.len()).find(|position| cells.is_null(*position)) {
        return Err(fault("the cell is empty".to_owned()).in_row(gap + 1));
    }
    let is_whole = match cells.data_type() {
        kind if kind.is_integer() => true,
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => *scale <= 0,
        kind if kind.is_floating() => false,
        kind => {
            return Err(fault(format!(
                "not a column of numbers: its type is {kind}"
            )));
        }
    };
    Ok((cells, is_whole))
}

/// A number that does not fit is an error, never a gap.
fn convert(name: &str, cells: &ArrayRef, kind: &DataType) -> Result<ArrayRef, Error> {
    let strict = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(cells, kind, &strict).map_err(|error| {
        Error::input(error.to_string())
            .in_table("scores")
            .in_column(name)
    })
}
